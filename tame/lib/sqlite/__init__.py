"""Django's SQLite engine, told that a statement may carry more than 999 parameters."""
