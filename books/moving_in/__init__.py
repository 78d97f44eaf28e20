"""Moving in: what others know of a person's books, read, compared, corrected and stored."""
