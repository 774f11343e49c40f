"""The proforma that makers and laboratories exchange (3GPP ICS, "PICS"): read, written, and held as values."""
