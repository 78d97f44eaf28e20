"""Every page for who has no mouse, hears it read, or sees little contrast."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Looked

pytestmark = [pytest.mark.django_db, pytest.mark.wide]


def test_every_page_can_be_read_and_used_without_a_mouse(looked: Looked) -> None:
    faults = looked("reach.js", (1200,), ("light", "dark"))
    assert not faults, "\n".join(faults)
