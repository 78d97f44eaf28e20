"""The one question of a new installation: in which language the books are wanted."""

from __future__ import annotations

from books.languages import LANGUAGES
from books.profiles import Profile
from tame.lib import bell
from tame.models import Switch

DECIDE = "indexers.tasks.decide"


def answer_language(code: str) -> str:
    """Of books that do not say theirs. What is no language means any. Asked once."""
    Switch.objects.update_or_create(pk=1, defaults={"asked_language": True})
    chosen = [code] if code in LANGUAGES else []
    Profile.objects.filter(default=True).update(languages=chosen)
    bell.ring(DECIDE)
    if not chosen:
        return "Any language is fine. A book may name its own, and so may a profile."
    return f"Wanted in {LANGUAGES[code]}, unless a book names another language."
