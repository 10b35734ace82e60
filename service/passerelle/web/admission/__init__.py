"""Who may ask how much: a share for each client."""
