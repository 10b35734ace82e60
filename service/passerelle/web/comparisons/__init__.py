"""Comparisons of units, as data, as pages and as reports for printing."""
