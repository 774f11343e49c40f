"""What the host knows of USB devices and serial ports."""
