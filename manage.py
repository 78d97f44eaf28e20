#!/usr/bin/env python
"""Run one of TAME's commands: `manage.py help` lists them."""

import json
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from tame.lib.redact import show_crash


def refuse(sentence: str) -> None:
    """As the commands do what cannot be used: one JSON document where it was asked for."""
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"ok": False, "error": sentence}) + "\n")
    else:
        sys.stderr.write(f"{sentence}\n")
    sys.exit(2)


if __name__ == "__main__":
    sys.excepthook = show_crash
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tame.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a line of .env is wrong: its sentence says which
        refuse(str(error))
