"""Films as they are written: kinds, segments, sound, one whole file."""
