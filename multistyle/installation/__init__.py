"""The installation: what there is, and whether it works."""
