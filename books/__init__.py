"""Books, authors, series and profiles; the libraries, what stands in them, and its shelf."""
