"""Addresses and the channels behind them: ADB shell, AT port, replay."""
