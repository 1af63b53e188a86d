"""One spider per kind of source; the sources themselves are data."""
