"""What CONTRIBUTING's recipes list is done for each thing of a kind, also for the newest."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from django.contrib import admin

from books import audiobookshelf, volume_lists
from books.asking import SOURCES
from books.audiobookshelf_answers import Details
from books.details import NAMES
from books.models import MetadataSource
from books.moving_in import reading
from books.moving_models import Kind as MovedFrom
from books.profiles import Profile
from books.sources import GIVES
from books.sources import Kind as Source
from books.values import TRUST
from downloads import brakes
from downloads.models import Brakes
from downloads.states import Doubt
from indexers import values
from indexers.decisions import RULE_NAMES, RULES, Taste

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = [p for p in (ROOT / "indexers" / "decisions").glob("*.py") if p.name != "__init__.py"]


def text_of(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text() for path in paths)


def names_of_objections() -> Iterator[str]:
    """As the rules write them: by themselves, or once for their module as RULE."""
    for path in DECISIONS:
        tree = ast.parse(path.read_text())
        yield from (ast.literal_eval(one.value) for one in tree.body if is_its_rule(one))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Objection":
                yield from (
                    str(one.value) for one in call.args[:1] if isinstance(one, ast.Constant)
                )


def is_its_rule(node: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RULE"


def test_every_name_of_an_objection_can_be_chosen() -> None:
    assert set(names_of_objections()) == set(RULE_NAMES)


def test_every_rule_is_asked() -> None:
    """By `judge`, or by another rule of its module."""
    for path in DECISIONS:
        text = path.read_text()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                is_rule = ast.unparse(node.returns) == "Objection | None"
                is_asked = node.name in {rule.__name__ for rule in RULES}
                assert not is_rule or is_asked or text.count(f"{node.name}(") > 1, node.name


def test_every_taste_is_filled_and_read() -> None:
    filled, read = inspect.getsource(values.as_taste), text_of(DECISIONS)
    for field in fields(Taste):
        assert f"{field.name}=" in filled
        assert f"taste.{field.name}" in read, field.name


@pytest.mark.parametrize("model", [Profile, Brakes])
def test_every_column_of_what_a_person_sets_is_in_its_form(model: Any) -> None:
    page = admin.site._registry[model]
    of_sets = [of["fields"] for _, of in page.fieldsets or ()]
    shown = {*chain(*of_sets), *(page.fields or ())}
    assert {f.name for f in model._meta.fields if f.editable} - {"id", "default"} <= shown


def test_every_brake_holds() -> None:
    for column in Brakes._meta.fields:
        assert column.primary_key or f"brakes.{column.name}" in inspect.getsource(brakes)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Source)
def test_every_source_is_asked_and_believed(kind: Source) -> None:
    assert MetadataSource.objects.filter(kind=kind).exists()
    assert GIVES[kind]
    assert any(kind in order for order in TRUST.values())
    assert kind in volume_lists.TRUST
    assert kind in SOURCES or kind == Source.AUDIOBOOKSHELF  # a person's own, which has an address


def test_every_field_that_is_corrected_is_read_and_written() -> None:
    assert {field.name for field in fields(Details)} == set(NAMES)
    assert all(f'"{name}"' in inspect.getsource(audiobookshelf) for name in NAMES)


@pytest.mark.parametrize("kind", MovedFrom)
def test_every_source_to_move_in_from_is_read(kind: MovedFrom) -> None:
    assert inspect.getsource(reading).count(f"Kind.{kind.name}") > 0


@pytest.mark.parametrize("doubt", [one for one in Doubt if one])
def test_every_doubt_is_raised(doubt: Doubt) -> None:
    verbs = [path for path in (ROOT / "downloads").glob("*.py") if path.name != "states.py"]
    assert f"Doubt.{doubt.name}" in text_of(verbs)
