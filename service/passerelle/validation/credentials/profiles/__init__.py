"""The application profiles: cardinality tables, the shapes made from them, and their verdict."""
