"""The books room."""

from django.apps import AppConfig


class BooksConfig(AppConfig):
    name = "books"
