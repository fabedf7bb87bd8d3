"""A run while a person watches it: the training loop, its commands, its past and its saves. Knows no Textual."""
