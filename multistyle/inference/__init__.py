"""Inference: photographs painted by a trained network."""
