"""Reads tables of text as people and programs write them, and makes inputs and a target of their columns."""
