"""Validates submitted credential metadata: what is wrong, where, why, and what to change."""
