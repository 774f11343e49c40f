"""Diagnostic ports of handsets, read by a program beside ours."""
