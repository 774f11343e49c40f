"""The fault matrix: every fault x every link, in a run of three devices of which one is faulty.

    python -m tests.matrix            what CI runs
    python -m tests.matrix --full     each fault at every request of the device

Each cell is a `pytest --bench=…` of its own, against simulated devices behind a real adb server.
"""
