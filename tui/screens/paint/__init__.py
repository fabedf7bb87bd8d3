"""The screen on which points of one's own are painted."""
