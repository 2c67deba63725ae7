"""Runs: many photographs, by one process or many, and what is done of them."""
