"""The ledger: one recorded update as the list of micro-steps that it is made of, for the walkthrough to show.

`core.training.update` records the numbers and this package explains them; it trains nothing. `order` makes the list, in
five phases with a file each: `forward` (with `softmax`), `loss`, `backward`, `update` and `check`. `bugs` makes the
update that a classic bug would have made, and the same micro-steps explain it.
"""
