"""A recorded handset behind a real adb server."""
