"""Everything that is read or written: data sets, experiment files, checkpoints, lessons; and runs made of them."""
