"""SPARQL and the named questions, as pages and as data."""
