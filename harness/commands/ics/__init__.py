"""`bandproof ics`: the proforma that makers and laboratories exchange, filled from evidence and held against a device."""
