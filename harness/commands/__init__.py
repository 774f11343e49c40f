"""What each command of `bandproof` does: `add(commands)` adds its parser, which sets `run` to options in, status out."""
