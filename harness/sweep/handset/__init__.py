"""A handset held to one technology after another, attached, and put back: what a sweep is where no band can be locked.

planned technologies ──▶ run: state, baseline, one trial a technology, back ──▶ exchanges (link `sweep`) ──▶ read back
"""
