"""From published tables to profiles: `python -m harness.carriers.importing` writes `profiles/carriers/<country>/`."""
