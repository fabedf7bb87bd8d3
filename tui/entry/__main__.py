"""Runs the command line for `python -m gradstep`."""

from gradstep.tui.cli.main import main

main()
