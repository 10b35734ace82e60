"""The typed records that travel between the rooms."""
