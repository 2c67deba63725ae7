"""How good a network is: figures, references, artefacts and the report."""
