"""A painting becomes a row of gamma and beta."""
