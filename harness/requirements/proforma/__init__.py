"""A maker's proforma (ICS) and a regulator's grant, filled from what a device told and held against it. Pure."""
