"""Say where a book is, and why."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from books.models import Book
from tame.choices_page import parts_of
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import numbered
from tame.next_step import for_book
from tame.story import Line, Standing, standing, story


class Command(commands.Command):
    help = "Say where a book is and why: its next step, what was found, and all that happened."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", type=arguments.number, metavar="BOOK")

    def run(self, options: Options) -> Result:
        [book] = numbered(Book.objects.all(), [options["book"]], "book")
        next_, stands, lines = for_book(book, lambda permission: True), standing(book), story(book)
        text = [f"“{book}” by {book.authors or 'nobody known'} is {book.status}."]
        text += ["", f"Next: {next_.sentence}", "", *about(stands), ""]
        text += [f"{timezone.localtime(line.at):%Y-%m-%d %H:%M}  {said(line)}" for line in lines]
        return Result("\n".join(text), as_json(book, next_.sentence, stands, lines))


def said(line: Line) -> str:
    return f"{line.who}: {line.sentence}" if line.who else line.sentence


def about(stands: Standing) -> list[str]:
    found = ", ".join(f"{count} {outcome}" for outcome, count in stands.counts.items())
    lines = [f"Found: {found or 'nothing yet'}."]
    if stands.rules:
        against = ", ".join(f"{rule} {count}" for rule, count in stands.rules.items())
        lines.append(f"What spoke against them: {against}.")
    if stands.choice:
        verdict = stands.choice.verdict
        score = f"{verdict.score:g} ({parts_of(verdict.parts)})"
        lines.append(f"The choice: {verdict.release.title}, with a score of {score}.")
    return lines + stands.waits


def as_json(book: Book, next_: str, stands: Standing, lines: list[Line]) -> dict[str, Any]:
    choice = stands.choice
    return {
        "book": {"id": book.pk, "title": book.title, "status": book.status},
        "next": next_,
        "found": stands.counts,
        "rules": stands.rules,
        "choice": choice
        and {
            "release": choice.verdict.release_id,
            "title": choice.verdict.release.title,
            "outcome": choice.verdict.outcome,
            "score": choice.verdict.score,
            "parts": choice.verdict.parts,
            "reasons": choice.reasons,
        },
        "waits": stands.waits,
        "story": [{"at": line.at, "who": line.who, "sentence": line.sentence} for line in lines],
    }
