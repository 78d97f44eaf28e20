"""1,000 releases with their verdicts are stored in 5 queries instead of 52."""

from __future__ import annotations

from django.db.backends.sqlite3.base import DatabaseWrapper as Stock
from django.db.backends.sqlite3.features import DatabaseFeatures as StockFeatures


class DatabaseFeatures(StockFeatures):
    max_query_params = 32766  # SQLite's own limit since 3.32


class DatabaseWrapper(Stock):
    features_class = DatabaseFeatures
