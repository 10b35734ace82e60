"""Coverage of all units at once: arrays of a release, rows of one unit against all, and the best pairs of all."""
