"""Files that people write: strict YAML, its shape, faults with line and column."""
