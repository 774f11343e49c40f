"""Personal data out of text: by key, by label, by record, by shape."""
