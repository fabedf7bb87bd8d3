"""The command line, the plain text report and the screen."""
