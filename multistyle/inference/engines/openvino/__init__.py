"""The fast engine: the network as a graph of OpenVINO."""
