"""Devices of a lab: labgrid says where they are and who has them, and carries nothing of what is asked. An extra."""
