"""Functions that turn arrays into lines of styled text. They use no widget, no session and no run."""
