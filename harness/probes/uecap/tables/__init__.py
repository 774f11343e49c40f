"""Tables of band combinations, and what real ones agree on within themselves."""
