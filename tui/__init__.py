"""The command line, the plain report and the screen."""
