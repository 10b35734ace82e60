"""The SPARQL 1.1 Protocol as pure steps: parse, authorise, execute, serialise."""
