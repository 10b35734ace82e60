"""The graph: statements, releases, and the stores and worker processes that answer queries."""
