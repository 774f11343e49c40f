"""Which carriers a device serves."""
