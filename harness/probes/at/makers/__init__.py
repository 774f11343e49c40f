"""One family = one module, a folder where it is large. Makers are asked before chips."""
