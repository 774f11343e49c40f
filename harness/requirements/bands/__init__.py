"""Has the device this band? Lists layer by layer, cells in use, and what the maker declares."""
