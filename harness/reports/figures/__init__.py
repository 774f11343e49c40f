"""Pictures: what goes where."""
