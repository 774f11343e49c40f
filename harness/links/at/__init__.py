"""AT ports: opening, framing, the gate."""
