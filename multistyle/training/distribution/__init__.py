"""One network that several devices, processes and machines train."""
