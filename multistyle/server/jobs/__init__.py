"""Jobs: what visitors ordered, in a queue, and how long each takes."""
