"""What can be read off a network and a trainer without changing them, and what it says about the training."""
