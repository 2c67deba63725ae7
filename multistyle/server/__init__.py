"""What stands behind `multistyle app`: the page, and a queue of its jobs."""
