"""Films: reading, painting without flicker, writing, a camera."""
