"""Films as they are read: frames upright, in sRGB, at their times."""
