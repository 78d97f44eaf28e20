"""Nothing secret is in the repository, and no key comes with it."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHAPES = {  # of keys that somebody could use
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of a cloud": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b",
    "a token of a forge": r"\bgh[pousr]_\w{36,}|\bglpat-[\w-]{20,}|\bpypi-[\w-]{50,}|\bnpm_\w{36}",
    "a token of a chat": r"\bxox[abpr]-[\w-]{10,}|\b\d{8,10}:AA[\w-]{33}\b",
    "a signed token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a sealed column": r"\bfernet:gAAAA[\w-]{40,}",
    "Django's own making": r"django-[i]nsecure-",
    "a line of somebody's .env": (
        r"(?m)^(?:SECRET_KEY|QB_PASSWORD|QB_API_KEY|INDEXER_KEY|DJANGO_SUPERUSER_PASSWORD)=[^\s#]+"
    ),
    "a key in a line of settings": (
        r"(?im)^\s*(?:export\s+)?[\w-]*(?:secret_key|api_?key|password|passwd|token)[\w-]*"
        r"\s*[:=]\s*[\"']?(?=[^\s\"']*\d)(?=[^\s\"']*[A-Za-z])[\w+/=-]{24,}[\"']?\s*$"
    ),
    "a key in an address": (
        r"(?i)[?&](?:jackett_apikey|apikey|api_key|passkey|authkey|torrent_pass)="
        r"(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{32,}"
    ),
}
HARMLESS = {  # made up, with a pattern that shows it
    "tests/fakes/qbittorrent.py": "TwentyThousandLeagues1870",
    "tests/live/servers.py": "1870",
    "tests/live/test_contract.py": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "tests/security/markers.py": "0f1e2d3c",
}
KEPT_OUT = re.compile(
    r"(^|/)(\.env|secret_key|id_(rsa|ed25519))$|\.(sqlite3?|db|log|pem|key|p12|pfx|pyc|kdbx)$"
)


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def secrets_in(name: str, text: str) -> Iterator[str]:
    for what, shape in SHAPES.items():
        for found in re.finditer(shape, text):
            if HARMLESS.get(name, "\0") not in found[0]:
                yield f"{name}: {what}"


def test_no_secrets_in_the_repository() -> None:
    found = [
        leak
        for name in committed()
        for leak in secrets_in(name, (ROOT / name).read_bytes().decode("latin-1"))
    ]
    assert not found


def test_no_file_that_holds_secrets_is_committed() -> None:
    assert [name for name in committed() if KEPT_OUT.search(name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
        "key = AKIA" + "Q3EGTXAMPLE45678",
        "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "QB_PASSWORD" + "=rose",
        "SECRET_KEY=" + "k3Jd8sLq0Zx7Vb2Nm5Pw9Rt4Yh6Uf1",
        "QB_" + "PASSWORD: '9f8e7d6c5b4a39281706f5e4d3c2b1a0'",
        "http://jackett:9117/?apikey=" + "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "fernet:" + "gAAAAABnQm9Zb2tlbi1vZi1zb21lYm9keS1lbHNlLWhlcmUtaW4tdGhlLWZpbGU",
    ],
)
def test_a_committed_key_would_be_found(text: str) -> None:
    assert list(secrets_in("tame/settings.py", f"# of mine\n{text}\n"))


@pytest.mark.parametrize("name", [".env", "data/secret_key", "data/tame.sqlite3", "deploy/tls.key"])
def test_a_committed_file_of_secrets_would_be_found(name: str) -> None:
    assert KEPT_OUT.search(name)


# --- The secret key -------------------------------------------------------------------------------

SHOW = "from tame import settings; import sys; sys.stdout.write(settings.SECRET_KEY)"


def start(folder: Path, **environment: str) -> subprocess.Popen[str]:
    clean = {"PATH": "/usr/bin:/bin", "ENV_FILE": "/dev/null", "TAME_DATA": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=clean | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def key_of(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def test_no_default_secret_key(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    keys = [key_of(start(folder)) for folder in (first, second, first)]
    assert keys[0] == keys[2] == (first / "secret_key").read_text()
    assert keys[0] != keys[1]
    assert all(len(key) >= 50 for key in keys)
    assert stat.S_IMODE((first / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(first.stat().st_mode) == 0o700
    assert not any(
        key in (ROOT / name).read_text("latin-1") for key in keys for name in committed()
    )


def test_the_environments_key_is_not_written_down(tmp_path: Path) -> None:
    assert key_of(start(tmp_path, SECRET_KEY="of the environment")) == "of the environment"
    assert not (tmp_path / "secret_key").exists()


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    keys = {key_of(process) for process in [start(tmp_path) for _ in range(6)]}
    assert len(keys) == 1


def test_a_key_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.touch(mode=0o600)
    process = start(tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=1.5)
    path.write_text("x" * 60)
    assert key_of(process) == "x" * 60


def test_an_empty_key_is_no_key(tmp_path: Path) -> None:
    """As a process that was killed at its first start would leave it."""
    (tmp_path / "secret_key").touch()
    process = start(tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert f"{tmp_path}/secret_key is empty. Delete it" in err.splitlines()[-1]
