"""Recordings served on the wire: a handset behind a real adb server, a modem on a tty, TCP or UNIX socket; faults."""
