"""Answers of devices -> observations: ADB, AT, UE capability. Pure but for the one place that asks a link."""
