"""What can be changed on a device, and how it is put back: items as data, a gate before each write, a journal on disk.

    item ──▶ read ──▶ journal: intent ──▶ gate ──▶ write ──▶ read again ──▶ journal: done
                           │                                                   │
                           └──────────── put_back, in reverse order ◀──────────┘

This floor knows no command: families, handsets and instruments bring theirs as `StateItem` values.
"""
