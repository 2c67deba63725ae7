"""Learning: a painting becomes a row of gamma and beta."""
