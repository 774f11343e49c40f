"""Stand-ins for the host's QMI and MBIM tools."""
