"""The template of a book's folders: its fields, and what a person may write."""

from __future__ import annotations

import re

from tame.lib.errors import BadInputError

TEMPLATE = "{author}/{series}/<Vol {number} - ><{year} - >{title}< {narrator}>< {asin}>"
FIELDS = ("author", "series", "number", "year", "title", "subtitle", "narrator", "asin")
FIELD = re.compile(r"\{(\w+)\}")
GROUP = re.compile(r"<([^<>]*)>")


def check_template(template: str) -> None:
    """Raises BadInputError for a field that there is not, and for one without the title."""
    if unknown := [name for name in FIELD.findall(template) if name not in FIELDS]:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise BadInputError(f"There is no field {{{unknown[0]}}}. There are: {known}.")
    if "title" not in FIELD.findall(template):
        raise BadInputError("The title has to be in it: else two books would share a folder.")
