"""3GPP facts: bands, channel numbers, overlaps, masks, PLMNs. Ground floor, no I/O but its own tables."""
