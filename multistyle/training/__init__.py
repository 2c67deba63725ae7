"""Training: from photographs and paintings to a network in a run folder."""
