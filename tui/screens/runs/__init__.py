"""The list of the saved runs, and some of them compared."""
