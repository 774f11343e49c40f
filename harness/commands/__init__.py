"""What each command of `bandproof` does: one function a command, options in, exit status out."""

from .decode import decode_adb, decode_at
from .lookups import show_band, show_channel
from .profiles import lint_profiles, list_profiles, show_profile

__all__ = ["decode_adb", "decode_at", "lint_profiles", "list_profiles", "show_band", "show_channel", "show_profile"]
