"""Torrents in their clients, and the way of a complete book into its library."""
