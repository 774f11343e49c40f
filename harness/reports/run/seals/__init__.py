"""What a run is sealed by: the manifest of its files, signatures, time tokens, and the keys that are trusted."""
