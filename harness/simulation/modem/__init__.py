"""A recorded modem on a tty, a TCP or a UNIX socket."""
