"""Turns arrays into lines of styled text. Knows no widget, no session and no run."""
