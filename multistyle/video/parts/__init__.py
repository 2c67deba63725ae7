"""Parts of a picture over time, and parts of a film."""
