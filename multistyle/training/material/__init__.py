"""Photographs that a training learns on, and the batches cut from them."""
