"""The network: layers, forward and backward, and the operations they are made of."""
