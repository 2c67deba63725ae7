"""What a loss sees: loss networks and the losses on their features."""
