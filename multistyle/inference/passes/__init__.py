"""Passes: a picture of any size, painted in bounded memory."""
