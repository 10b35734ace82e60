"""A SPARQL 1.1 engine elsewhere: asking it, seeing through what it hides, publishing releases into it."""
