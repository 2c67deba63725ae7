"""The command line: one module a verb, flags and wiring, nothing else."""
