"""The terminal: what it can show, how output is written to it, and the signals that end the program."""
