"""Parts of `multistyle video`."""
