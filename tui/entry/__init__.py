"""gradstep: train a numpy neural network in the terminal."""
