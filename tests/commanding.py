"""Run a command as another program would: what it says, as JSON, and its exit code."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.management import CommandError, call_command


def run(name: str, *arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    except CommandError as error:  # what argparse refuses
        return 2, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def run_json(name: str, *arguments: object) -> tuple[int, dict[str, Any]]:
    code, out, err = run(name, *arguments, "--json")
    assert not err, err
    document: dict[str, Any] = json.loads(out)
    assert document["ok"] == (code == 0)
    return code, document


def done(name: str, *arguments: object) -> dict[str, Any]:
    """The document of a command that did what was asked."""
    code, document = run_json(name, *arguments)
    assert code == 0, document
    return document
