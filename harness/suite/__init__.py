"""The certification suite: what a run asks of its devices, and the pytest cases that judge it."""
