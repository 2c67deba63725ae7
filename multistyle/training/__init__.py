"""Training: content, trainer, optimizer, callbacks, runs and sessions."""
