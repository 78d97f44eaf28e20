"""Try an edited profile on what is stored."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.management.base import CommandParser
from django.forms import model_to_dict

from books.profile_form import ProfileForm
from books.profiles import Profile
from indexers.what_if import Changed, WhatIf, what_if
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError
from tame.lib.named import named

OUTCOMES = ("take", "offer", "reject")
SHOWN = 50  # lines for a person; a program gets all


class Command(commands.Command):
    help = (
        "Say what an edited profile would have taken, offered and rejected of the releases that "
        "are stored. Nothing is changed."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", metavar="PROFILE", help="Name or number.")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="As in the admin, for example ignored=abridged,sample or least_seeders=3. May be "
            "given several times.",
        )
        parser.add_argument(
            "--days", default=30, type=arguments.whole_number(1, 3650), help="30 if not given."
        )

    def run(self, options: Options) -> Result:
        profile = named(
            Profile.objects.all(), options["profile"], "profile", shown="The page Profiles"
        )
        edited = edited_by(profile, options["set"])
        found = what_if(profile, edited, days=options["days"])
        return Result("\n".join(lines(found)), as_json(found))


def edited_by(profile: Profile, settings: list[str]) -> Profile:
    """A copy with what was set, read as the admin's form reads it. Raises BadInputError."""
    pairs = dict(read(setting) for setting in settings)
    fields = forms.modelform_factory(Profile, ProfileForm).base_fields
    if unknown := [name for name in pairs if name not in fields]:
        known = ", ".join(sorted(fields))
        raise BadInputError(f"A profile has no “{unknown[0]}”. It has: {known}.")
    form_class = forms.modelform_factory(Profile, ProfileForm, fields=list(pairs) or ["name"])
    given = {name: as_typed(fields[name], text) for name, text in pairs.items()}
    form = form_class(
        given or {"name": profile.name}, instance=copy.copy(profile), initial=model_to_dict(profile)
    )
    if not form.is_valid():
        field, sentences = next(iter(form.errors.items()))
        raise BadInputError(f"{field}: {sentences[0]}")
    copied: Profile = form.save(commit=False)
    return copied


def read(setting: str) -> tuple[str, str]:
    name, mark, value = setting.partition("=")
    if not mark:
        raise BadInputError(f"“{setting}” sets nothing: write it as in least_seeders=3.")
    return name.strip(), value.strip()


def as_typed(field: forms.Field, text: str) -> Any:
    """As the form's widget would send it."""
    if isinstance(field, forms.BooleanField):
        return text.lower() in ("1", "yes", "true", "on")
    if isinstance(field, forms.MultipleChoiceField):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def lines(found: WhatIf) -> list[str]:
    told = [
        f"{outcome}: {found.now.get(outcome, 0)} now, {found.then.get(outcome, 0)} then."
        for outcome in OUTCOMES
    ]
    told += [line(changed) for changed in found.changed[:SHOWN]]
    if len(found.changed) > SHOWN:
        told.append(f"And {len(found.changed) - SHOWN} more; --json tells all.")
    return told


def line(changed: Changed) -> str:
    why = " ".join(changed.why)
    return f"{changed.book}: {changed.now} to {changed.then}: {changed.release} ({why})"


def as_json(found: WhatIf) -> dict[str, Any]:
    return {
        "now": found.now,
        "then": found.then,
        "changed": [
            {
                "book": changed.book.pk,
                "title": changed.book.title,
                "release": changed.release,
                "now": changed.now,
                "then": changed.then,
                "why": list(changed.why),
            }
            for changed in found.changed
        ],
    }
