"""Which handset it is, for which market."""
