"""Measures of what the tool adds, as ratios within one run."""
