"""Runs on Ray: the runner, its actors, its session."""
