"""Engines: what runs a model's network."""
