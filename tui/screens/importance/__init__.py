"""The importance of the columns: what shuffling each of them does to the score."""
