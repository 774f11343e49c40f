"""Devices read, and what was read of each reconciled into one survey a device."""
