"""The optimisation of one picture: Gatys' style transfer."""
