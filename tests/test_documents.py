"""What the documents name is there: files, folders, commands, columns and functions."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.test_whole_tree import tracked

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
DOCUMENTS += [f"docs/{name}.md" for name in ("decisions", "design", "operations")]
FILE = re.compile(r"[\w./-]+\.(?:py|md|jsonl|png|txt)|(?:[\w.-]+/)+")
NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)+")
OF_OTHERS = {"data/", "data/backups/"}  # made when TAME runs


@cache
def paths() -> str:
    """A line each."""
    return "".join(f"\n/{path.relative_to(ROOT)}" for path in tracked())


@cache
def code() -> str:
    sources = [path for path in tracked() if path.suffix in (".py", ".html", "")]
    return "\n".join(path.read_text() for path in sources)


def named(document: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", (ROOT / document).read_text())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_is_there(document: str) -> None:
    for words in named(document):
        for word in words.split():
            if FILE.fullmatch(word) and word not in OF_OTHERS:
                assert f"/{word}" in paths(), words


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_is_known(document: str) -> None:
    for words in named(document):
        for name in NAME.findall(words):
            assert name in code() or f"/{name}.py" in paths(), words
