"""What commands draw: pages of text, grids of bands."""
