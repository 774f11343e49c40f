"""The command `decode`: text or a capture that someone pasted, as observations."""
