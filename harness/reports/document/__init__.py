"""One document a run: all that any form of a report shows."""
