"""The catalogue read a second time: plain loops over the rows of a generated bank, held against the night's answers."""
