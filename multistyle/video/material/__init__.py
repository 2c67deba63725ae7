"""What films are made of, as those who read and who write them see it."""
