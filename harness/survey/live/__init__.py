"""What a handset tells while somebody looks: its capability at an attach, its band screen; each step with a deadline."""
