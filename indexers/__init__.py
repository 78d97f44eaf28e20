"""Indexers, what they list, and what the rules say of it."""
