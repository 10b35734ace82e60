"""How much of one unit another covers, what is found of it for a purpose, and on what evidence."""
