"""A run on the screen: the training loop, its commands, its recorded past and its checkpoints. Knows no Textual."""
