"""A device locked to one band after another, attached, and put back.

    planned bands ──▶ run: state, baseline, one trial a band, back ──▶ exchanges (link `sweep`) ──▶ trials read back

What a sweep sees are exchanges like any others: its facts are read from them alone, live and of a recording.
"""
