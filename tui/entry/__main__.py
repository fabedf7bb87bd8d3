"""Runs the command line for `python -m gradstep`."""

from gradstep.tui.cli.start import main

main()
