"""What belongs to whom: whose SIM is in, which slot a fact is about, where the device is in service. Pure."""
