"""Whom this room rings for is there: a path with a slip in it would be rung for in vain."""

from __future__ import annotations

import pytest
from django.utils.module_loading import import_string

from books import bells

PATHS = sorted(path for name, path in vars(bells).items() if name.isupper())


@pytest.mark.parametrize("path", PATHS)
def test_what_is_rung_for_is_a_task(path: str) -> None:
    assert callable(import_string(path))
