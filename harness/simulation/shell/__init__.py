"""A shell as handsets have it, for what clients send to a simulated one."""
