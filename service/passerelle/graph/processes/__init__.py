"""Confined processes: started, asked, killed and replaced."""
