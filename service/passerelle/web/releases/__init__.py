"""Which release answers, and the pages about releases."""
