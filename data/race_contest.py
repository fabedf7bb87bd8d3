"""What the networks of a race can differ in."""

from typing import Literal

Contest = Literal["rates", "batches", "sizes", "initializers"]
