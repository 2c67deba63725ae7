"""What `multistyle interpolate` makes of photographs, and where."""
