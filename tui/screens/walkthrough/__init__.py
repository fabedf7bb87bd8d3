"""The walkthrough of one update."""
