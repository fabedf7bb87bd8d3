"""The screens, one folder each, with their state and panels."""
