#!/usr/bin/env python
"""Run one of TAME's commands: `manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from tame.lib.redact import show_crash

if __name__ == "__main__":
    sys.excepthook = show_crash
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tame.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a line of .env is wrong: its sentence says which
        sys.exit(str(error))
