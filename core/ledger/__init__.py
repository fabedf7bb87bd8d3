"""The ledger: one update as the list of micro-steps that it is made of."""
