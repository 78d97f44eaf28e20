"""A new installation asks once in which language the books are wanted."""

from __future__ import annotations

from typing import Any

import pytest

from books.profiles import Profile
from tests.people import bob, browser, leads_back, messages

pytestmark = pytest.mark.django_db
QUESTION = "In which language do you want your audiobooks?"


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


def first_page(**who: Any) -> str:
    return browser(**who).get("/admin/").content.decode()


def answer(language: str) -> list[str]:
    return messages(browser().post("/admin/language/", {"language": language}, follow=True))


def test_it_is_asked_once() -> None:
    assert QUESTION in first_page()
    assert answer("ger") == ["Wanted in German, unless a book names another language."]
    assert Profile.objects.get().languages == ["ger"]
    assert QUESTION not in first_page()


@pytest.mark.parametrize("given", ["", "klingon"])
def test_any_language_is_an_answer_too(given: str) -> None:
    assert answer(given)[0].startswith("Any language is fine.")
    assert Profile.objects.get().languages == []
    assert QUESTION not in first_page()


def test_only_who_may_change_profiles_is_asked() -> None:
    reader = bob("books.view_book")
    assert QUESTION not in first_page(user=reader)
    assert browser(reader).post("/admin/language/", {"language": "ger"}).status_code == 403
    assert leads_back("/admin/language/", to="/admin/")
