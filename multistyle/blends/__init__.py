"""Blends: which styles where, as text and as arrays."""
