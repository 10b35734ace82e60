"""Confined processes that compare: warm, one question at a time, killed when they take too long."""
