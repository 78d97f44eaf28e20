"""bin/lib.sh: from a folder with nothing but the sources to an environment with packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.tame.running import ROOT

NO_ENSUREPIP = f"""#!/bin/sh
case "$*" in "-m venv .venv") echo "ensurepip is not available" >&2; exit 1;; esac
exec {sys.executable} "$@"
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pip that runs these tests, packed as the distribution packs it."""
    pip = distribution("pip")
    path = tmp_path_factory.mktemp("wheel") / f"pip-{pip.version}-py3-none-any.whl"
    with ZipFile(path, "w") as packed:
        for file in pip.files or []:
            if file.suffix != ".pyc" and ".." not in file.parts:
                packed.write(str(file.locate()), str(file))
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "manage.py").write_text("import sys; print('runs', sys.argv[1:])\n")
    return tmp_path


@pytest.fixture(scope="module")
def first_clone(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "bin", folder / "bin")
    (folder / "requirements.txt").write_text("# nothing\n")
    told = sh(folder, f"{found(wheel)}; install_packages requirements.txt")
    assert told.stdout.count("Installed the packages") == 1, told.stderr
    return folder


@pytest.fixture
def lived_in(first_clone: Path, clone: Path) -> Path:
    """A clone that was started before."""
    shutil.copytree(first_clone / ".venv", clone / ".venv", symlinks=True)
    return clone


def sh(folder: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script in the folder, with the functions of bin/lib.sh."""
    given = os.environ | {"PYTHON": sys.executable, "PIP_NO_INDEX": "1"} | environment
    return subprocess.run(
        ["/bin/sh", "-euc", f". bin/lib.sh; {script}"], cwd=folder, env=given,
        capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def found(wheel: Path) -> str:
    """As if the distribution had this wheel."""
    return f"find_wheel() {{ echo '{wheel}'; }}"


def a_program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def has_pip(clone: Path) -> bool:
    python = clone / ".venv" / "bin" / "python"
    return subprocess.run([str(python), "-c", "import pip"], check=False).returncode == 0


@pytest.mark.wide
def test_packages_are_installed_once_and_again_when_the_list_changes(lived_in: Path) -> None:
    again = sh(lived_in, "install_packages requirements.txt")
    assert (again.returncode, again.stdout) == (0, "")
    (lived_in / "requirements.txt").write_text("# nothing more\n")
    changed = sh(lived_in, "install_packages requirements.txt")
    assert changed.stdout.startswith("Installed the packages"), changed.stderr


@pytest.mark.wide
def test_packages_that_cannot_be_had_are_tried_again_the_next_time(lived_in: Path) -> None:
    (lived_in / "requirements.txt").write_text("no-such-package-of-tame==1\n")
    script = "install_packages requirements.txt"
    for told in (sh(lived_in, script), sh(lived_in, script)):
        assert told.returncode == 1
        assert told.stderr.strip().endswith("Then try again.")


@pytest.mark.wide
def test_a_python_without_ensurepip_gets_pip_from_the_wheel(clone: Path, wheel: Path) -> None:
    python = a_program(clone / "python", NO_ENSUREPIP)
    told = sh(clone, f"{found(wheel)}; make_venv", PYTHON=python)
    assert told.returncode == 0, told.stderr
    assert has_pip(clone)


@pytest.mark.wide
def test_the_wheel_is_unpacked_from_the_distributions_package(clone: Path, wheel: Path) -> None:
    """With a stand-in for apt-get that has no lists at first, as in a bare container."""
    tools = clone / "tools"
    tools.mkdir()
    a_program(
        tools / "apt-get",
        '#!/bin/sh\ncase "$*" in\n'
        "*State::Lists*update) touch lists/updated ;;\n"
        "*State::Lists*download*) test -f lists/updated && touch python3-pip-whl_1_all.deb ;;\n"
        "*) exit 100 ;;\nesac\n",
    )
    a_program(
        tools / "dpkg-deb",
        f"#!/bin/sh\nmkdir -p usr/share/python-wheels\ncp '{wheel}' usr/share/python-wheels/\n",
    )
    python = a_program(clone / "python", NO_ENSUREPIP)
    none_here = 'find_wheel() { find "$1/share/python-wheels" -path "/tmp*" -name "pip-*.whl"; }'
    path = f"{tools}:{os.environ['PATH']}"
    told = sh(clone, f"{none_here}; make_venv", PYTHON=python, PATH=path, TMPDIR="/tmp")
    assert told.returncode == 0, told.stderr
    assert has_pip(clone)


def test_where_pip_cannot_be_had_one_sentence_names_the_package(clone: Path) -> None:
    python = a_program(clone / "python", NO_ENSUREPIP)
    told = sh(clone, "bring_pip() { false; }; make_venv", PYTHON=python)
    assert told.returncode == 1
    assert told.stderr.splitlines() == [
        "This Python comes without pip. On Debian: sudo apt install python3-venv"
    ]
    assert not (clone / ".venv").exists()


def test_a_python_that_is_too_old_is_not_taken(clone: Path) -> None:
    old = a_program(clone / "python", "#!/bin/sh\nexit 1\n")
    told = sh(clone, "make_venv", PYTHON=old)
    assert told.returncode == 1
    assert told.stderr.startswith("TAME needs Python 3.11 or newer.")


@pytest.mark.wide
def test_an_environment_whose_python_is_gone_is_made_anew(lived_in: Path, wheel: Path) -> None:
    for name in ("python", "python3"):
        link = lived_in / ".venv" / "bin" / name
        link.unlink()
        link.symlink_to("/nonexistent/python3")
    told = sh(lived_in, f"{found(wheel)}; install_packages requirements.txt")
    assert "Made .venv" in told.stdout
    assert has_pip(lived_in)


def start(clone: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHON": sys.executable, "PIP_NO_INDEX": "1"}
    return subprocess.run(
        [str(clone / "bin" / "start"), *options], env=environment, cwd="/",
        capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_help_names_every_option_and_does_nothing(clone: Path) -> None:
    told = start(clone, "--help")
    assert told.returncode == 0
    for option in ("--lan", "--port", "--with-qbittorrent", "--prepare-only"):
        assert option in told.stdout
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--verbose"], "bin/start does not know --verbose; bin/start --help says what it knows."),
        (["--port"], "--port needs a number, for example --port 8001"),
        (["--port", "high"], "The port must be a number, not 'high'."),
        (["--port="], "The port must be a number, not ''."),
    ],
)
def test_what_it_does_not_understand_it_says(clone: Path, options: list[str], said: str) -> None:
    told = start(clone, *options)
    assert told.returncode == 1
    assert told.stderr.strip() == said
    assert not (clone / ".venv").exists()


@pytest.mark.wide
def test_an_empty_port_counts_as_not_set(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAME_PORT", "")
    told = start(lived_in)
    assert told.stdout.splitlines()[-1] == "runs ['quickstart']", told.stderr


def test_a_qbittorrent_that_is_asked_for_is_unpacked_once(lived_in: Path) -> None:
    a_program(
        lived_in / "bin" / "get-qbittorrent",
        "import pathlib; shelf = pathlib.Path('.tools/qbittorrent/trixie')\n"
        "shelf.mkdir(parents=True); (shelf / 'qbittorrent-nox').touch(); print('unpacked')\n",
    )
    none_on_path = "command() { return 1; }"
    told = sh(lived_in, f"{none_on_path}; bring_qbittorrent TAME; bring_qbittorrent TAME")
    assert told.stdout.splitlines()[1:] == ["unpacked"], told.stderr


def test_where_none_can_be_unpacked_one_sentence_names_the_package(lived_in: Path) -> None:
    a_program(lived_in / "bin" / "get-qbittorrent", "raise SystemExit(1)")
    told = sh(lived_in, "command() { return 1; }; bring_qbittorrent 'The demo'")
    assert told.returncode == 1
    assert "The demo needs a qBittorrent. On Debian: sudo apt install" in told.stderr


def test_options_reach_the_program_as_settings(lived_in: Path) -> None:
    unpacked = lived_in / ".tools" / "qbittorrent" / "trixie"
    unpacked.mkdir(parents=True)
    (unpacked / "qbittorrent-nox").touch()
    (lived_in / "manage.py").write_text(
        "import os, sys\n"
        "names = ('TAME_LAN', 'TAME_PORT', 'TAME_WITH_QBITTORRENT')\n"
        "print(sys.argv[1:], [os.environ.get(name) for name in names])\n"
    )
    told = start(lived_in, "--lan", "--port", "8123", "--with-qbittorrent", "--prepare-only")
    expected = "['quickstart', '--prepare-only'] ['yes', '8123', 'yes']"
    assert told.stdout.splitlines()[-1] == expected, told.stderr
