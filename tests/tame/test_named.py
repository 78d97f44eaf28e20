"""What a command does not find it says where to find."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]


def calls() -> Iterator[tuple[str, str]]:
    """Where, and the plural of what is looked for, of each call that names no page."""
    for path in sorted(ROOT.glob("*/management/**/*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(call, "func", None), "id", "")
            if not isinstance(call, ast.Call) or name not in ("named", "numbered"):
                continue
            nouns = [str(one.value) for one in call.args[2:] if isinstance(one, ast.Constant)]
            if nouns and not any(word.arg == "shown" for word in call.keywords):
                yield path.name, nouns[1] if len(nouns) > 1 else f"{nouns[0]}s"


@pytest.mark.parametrize(("where", "plural"), sorted(set(calls())))
def test_the_command_that_shows_all_is_there(where: str, plural: str) -> None:
    assert f"list_{plural.replace(' ', '_')}" in get_commands()
