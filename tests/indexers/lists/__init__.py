"""Lists of releases as a search finds them, composed for books in the public domain."""
