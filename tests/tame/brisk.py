"""Settings of a real TAME under test: a folder of its own, and waits given by the test."""

import json
import os

from tests.settings import *  # noqa: F403

globals().update(json.loads(os.environ.get("TEST_PACE", "{}")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
