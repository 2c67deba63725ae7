"""Flags: how they are defined, parsed and shown."""
