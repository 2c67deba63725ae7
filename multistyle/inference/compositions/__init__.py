"""Compositions: what is made of one photograph."""
