"""What the demo makes of an Audiobookshelf: its own stand-in, or one that was given."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from demo import shelf
from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.overview import overview
from demo.audiobookshelf.state import API_KEY, NEVER_EXPIRES, State
from demo.browser import DemoError, Page
from demo.catalogue import Book, books
from demo.shelf import Shelf, ask, differs, given
from demo.stage import Stage
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.tame.running import ROOT

VERNE = next(book for book in books() if book.place and book.author == "Jules Verne")
PLACE = "Jules Verne/Extraordinary Voyages/Vol 11 - Around the World in Eighty Days"


def put(root: Path, book: Book = VERNE) -> None:
    folder = root / PLACE
    folder.mkdir(parents=True)
    for path in book.files:
        shutil.copy(path, folder)


# --- What a server answers ------------------------------------------------------------------------


def test_the_server_itself_is_asked_for_the_book(tmp_path: Path) -> None:
    put(tmp_path)
    with FakeAudiobookshelf(tmp_path) as fake:
        fake.scan()
        shown = ask(Shelf(fake.url, API_KEY, tmp_path), fake.books[0].id)
    assert differs(shown, VERNE) == ""
    assert "\n".join(shown.in_lines()).split() == (
        "title Around the World in Eighty Days author Jules Verne series Extraordinary Voyages #11 "
        f"narrator eSpeak NG tracks 3, 113 seconds in all path {tmp_path}/{PLACE}"
    ).split()  # fmt: skip
    assert shown.tracks == tuple(path.name for path in VERNE.files)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "Vol 11"}, "the title Vol 11 for Around the World in Eighty Days"),
        ({"authors": ("eSpeak NG",)}, "the author ('eSpeak NG',) for ('Jules Verne',)"),
        ({"series": ()}, "the series () for ('Extraordinary Voyages #11',)"),
        ({"tracks": ("01.mp3",)}, "the number of tracks 1 for 3"),
        ({"seconds": 76.0}, "76.0 seconds for 113"),
    ],
)
def test_another_book_is_no_proof(
    wrong: dict[str, object], said: str, tmp_path: Path
) -> None:  # fmt: skip
    put(tmp_path)
    with FakeAudiobookshelf(tmp_path) as fake:
        fake.scan()
        shown = ask(Shelf(fake.url, API_KEY, tmp_path), fake.books[0].id)
    assert said in differs(replace(shown, **wrong), VERNE)  # type: ignore[arg-type]


def test_an_answer_that_is_none_ends_in_a_sentence_without_the_key(tmp_path: Path) -> None:
    with FakeAudiobookshelf(tmp_path) as fake:
        for key, path in ((API_KEY, "nothing"), ("wrong", "nothing")):
            with pytest.raises(DemoError, match=r"answered 40[14] for the book") as told:
                ask(Shelf(fake.url, key, tmp_path), path)
            assert key not in str(told.value)


# --- Which server ---------------------------------------------------------------------------------


def test_without_a_word_there_is_a_stand_in() -> None:
    assert given({"ABS_URL": "http://attic:13378", "ABS_KEY": "theirs"}) is None


def test_a_real_one_takes_its_address_a_key_and_its_folder(tmp_path: Path) -> None:
    named = {shelf.URL: "http://attic:13378/", shelf.KEY: "theirs", shelf.FOLDER: str(tmp_path)}
    assert given(named) == Shelf("http://attic:13378", "theirs", tmp_path, is_stand_in=False)
    for name in named:
        with pytest.raises(DemoError, match=f"^{name} must be set, too"):
            given({**named, name: ""})
    with pytest.raises(DemoError, match="there is no folder /nowhere here"):
        given({**named, shelf.FOLDER: "/nowhere"})


def test_the_services_that_a_person_has_declared_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`bin/demo` in the shell that runs somebody's own TAME."""
    for name in ("ABS_URL", "INDEXER_URL", "QB_HOST", "TAME_DATA"):
        monkeypatch.setenv(name, "http://attic.local")
    stage = Stage(0)
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    process = stage._run([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert "attic" not in process.communicate()[0]
    stage.keep.cleanup()


# --- The stand-in ---------------------------------------------------------------------------------


def test_the_stand_in_answers_to_its_own_new_key_and_ends(tmp_path: Path) -> None:
    put(tmp_path)
    command = [sys.executable, "-m", "demo.audiobookshelf", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        page = requests.get(f"{said['address']}/", timeout=5)
        url = f"{said['address']}/api/libraries"
        codes = [
            requests.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=5).status_code
            for key in (said["key"], API_KEY)
        ]
        process.send_signal(signal.SIGTERM)
    assert (codes, process.returncode) == ([200, 401], 0)
    assert "not an Audiobookshelf" in page.text
    assert said["key"] not in page.text


def test_its_page_shows_the_shelf_and_no_token() -> None:
    state = State()
    book = Kept("l", PLACE, is_file=False, order=["01 <b>.mp3"], durations={"01 <b>.mp3": 9.4})
    book.metadata = {"title": "Eighty & Days", "authors": ["Verne"], "series": [("Voyages", "11")]}
    state.shelves.books[book.id] = book
    page = overview(state.shelves)
    for text in ("One book", "Eighty &amp; Days", "Voyages #11", "01 &lt;b&gt;.mp3", "9 seconds"):
        assert text in page
    book.is_missing = True
    assert "0 books on the shelf" in overview(state.shelves)
    assert not any(secret in page for secret in (API_KEY, NEVER_EXPIRES))


# --- The person at the pages ----------------------------------------------------------------------


def test_menus_and_what_is_wrong_with_a_form_are_read() -> None:
    page = Page(
        "/add/",
        '<ul class="errorlist" id="e"><li>Give the whole path.</li></ul><form><input name="root">'
        '<select name="shelf"><option value="">-</option><option value="1:a" selected>Attic: Audio'
        "</option></select></form>",
    )
    assert page.messages == ["Give the whole path."]
    assert page.options("shelf", "Attic") == ["1:a"]
    assert page.options("other", "Attic") == page.options("shelf", "Cellar") == []
    assert page.form_with("root").fields == {"root": "", "shelf": "1:a"}
    with pytest.raises(DemoError, match="/add/ has no form with root, address"):
        page.form_with("root", "address")
