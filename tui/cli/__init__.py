"""The command line: the commands of `gradstep`, their options, and the text they print."""
