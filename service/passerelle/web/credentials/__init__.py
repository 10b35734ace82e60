"""The credential validator and its rules, as pages and as data."""
