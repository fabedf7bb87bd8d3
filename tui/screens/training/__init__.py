"""The training screen and its four panels."""
