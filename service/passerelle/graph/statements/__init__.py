"""What each record says in the graph: one module a kind of record."""
