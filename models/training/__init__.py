"""How the shipped weights are made: labelled rows in, numbers out. Not needed at run time."""
