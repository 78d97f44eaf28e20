"""Lists that stay quick however long they are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class CappedPaginator(Paginator):
    """Counts and pages no further than `cap` rows: nobody reads beyond, and counting costs."""

    cap = 5000

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: self.cap].values("pk").count()

    @property
    def is_capped(self) -> bool:
        return self.count >= self.cap
