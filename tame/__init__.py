"""The roof over books, indexers and downloads."""

__version__ = "0.1.0"
