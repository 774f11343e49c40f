"""The kinds of requirement: one module a kind, with its YAML, its faults, its words and its judgement."""
