"""Every page in a real browser, on screens of all widths."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Looked

WIDTHS = (1200, 1024, 768, 390)
pytestmark = [pytest.mark.django_db, pytest.mark.wide]


def test_no_page_is_wider_than_its_screen_or_tears_a_word(looked: Looked) -> None:
    faults = looked("measure.js", WIDTHS)
    assert not faults, "\n".join(faults)
