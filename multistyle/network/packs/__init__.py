"""Style packs: one style as a file, to be added to other networks."""
