"""A device looked at for a while: where it is served, on which carriers, how strong, and when that changed.

what comes unasked ─┐
one look an interval ┴─▶ recording ─▶ moments ─▶ course (bounded, however long it lasts) ─▶ picture
"""
