"""What can be read off a network and a trainer without changing them, and the findings about the training."""
