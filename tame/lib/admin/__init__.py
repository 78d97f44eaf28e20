"""What all admin pages have in common: stock Django, by its documented hooks."""
