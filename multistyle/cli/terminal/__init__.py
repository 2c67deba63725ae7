"""The terminal: what is read from it and said on it."""
