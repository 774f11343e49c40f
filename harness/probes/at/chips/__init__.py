"""Modems told by their chip alone: asked after every maker, they lend makers their grammar."""
