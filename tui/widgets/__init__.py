"""Textual widgets and base classes that several screens use."""
