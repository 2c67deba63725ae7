"""What visitors order: how each is asked for, and made."""
