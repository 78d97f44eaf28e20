"""The settings under test: nobody's `.env`, a throw-away data folder, cheap passwords."""

import atexit
import json
import os
import shutil
import tempfile

_folder = os.environ.get("TEST_DATA") or tempfile.mkdtemp(prefix="tame-test-")
if "TEST_DATA" not in os.environ:
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["ENV_FILE"] = os.devnull
os.environ["TAME_DATA"] = _folder
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("TAME_HURRY", "20")

from tame.settings import *  # noqa: E402, F403
from tame.settings import (  # noqa: E402
    DATA_DIR,
    DATABASES,
    INSTALLED_APPS,
    Q_CLUSTER,
    SQLITE_OPTIONS,
    STORAGES,
)

(DATA_DIR / "static").mkdir(exist_ok=True)  # nothing is collected for tests; whitenoise would warn
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
if "sqlite" not in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {}
if name := os.environ.get("TEST_DB"):  # a process started by a test joins the test's database
    DATABASES["default"]["NAME"] = name
SQLITE_OPTIONS |= json.loads(os.environ.get("TEST_SQLITE", "{}"))
Q_CLUSTER |= json.loads(os.environ.get("TEST_Q_CLUSTER", "{}"))
if "TAME_TEST_KILL" in os.environ:
    INSTALLED_APPS.append("tests.cluster.kills.KillsConfig")
for name, chosen in json.loads(os.environ.get("TEST_SETTINGS", "{}")).items():
    globals()[name] = tuple(chosen) if isinstance(chosen, list) else chosen  # timeouts are tuples
