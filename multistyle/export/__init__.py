"""Exports: one module a format, and one parity check for all of them."""
