"""bandproof: proves which cellular bands a device really has, and whether a carrier accepts them."""

__version__ = "0.1.0"
