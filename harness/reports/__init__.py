"""Writers: what a run found, for people and for machines. They only render."""
