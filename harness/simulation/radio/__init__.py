"""A modem that keeps what is written to it, finds cells, attaches and is refused: for sweeps."""
