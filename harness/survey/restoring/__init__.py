"""Putting back what dead processes left changed: the device of a journal is found, asked and restored."""
