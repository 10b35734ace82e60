"""Comparisons for readers: the same contents as text, as a page, as a document for printing and as a PDF."""
