"""The diagnostic port of a simulated handset: a DIAG server on a pty, in a USB tree of its own, beside adb."""
