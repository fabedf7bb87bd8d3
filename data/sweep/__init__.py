"""A sweep: one experiment with other values of some of its fields, and with several seeds."""
