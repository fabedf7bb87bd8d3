"""The screen of the valley: the loss along the next step, and along one weight."""
