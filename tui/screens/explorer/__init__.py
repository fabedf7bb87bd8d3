"""The explorer of activations and losses."""
