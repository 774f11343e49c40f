"""A finished run: its folder, hashes, signature, check and comparison."""
