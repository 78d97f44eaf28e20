"""One book from wish to completion, by the forms of the admin and in the open.

The demo plays the person: it posts forms, reads rows, and prints what there is to see.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import traceback
from importlib import import_module
from typing import Any

import django
import requests
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error

from demo.browser import DemoError
from demo.stage import USER, Stage

SPEED = 450_000  # bytes per second, so that the progress can be seen
STOPPED = 130  # as a shell has it
MEANINGS: tuple[tuple[type[Exception], str], ...] = (
    (DemoError, "{error}"),
    (requests.RequestException, "A page of TAME could not be read ({kind})."),
    (Error, "The database of TAME could not be read ({kind}: {error})."),
    (ObjectDoesNotExist, "A row of TAME is gone ({error})"),
    (OSError, "This machine refused something ({error})."),
)


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def failed(sentence: str, code: int = 1) -> int:
    say(f"The demo failed: {sentence}")
    say(json.dumps({"ok": False, "error": sentence}))
    return code


def sentence_for(error: Exception) -> str:
    for kind, sentence in MEANINGS:
        if isinstance(error, kind):
            return sentence.format(error=error, kind=type(error).__name__)
    traceback.print_exception(error)
    return f"The demo has a bug ({type(error).__name__}); its traceback is above."


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
    parser.add_argument("--exit", action="store_true", help="stop after the last step")
    parser.add_argument("--speed", type=int, default=SPEED, help="bytes per second; 0: no limit")
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with Stage(given.speed) as stage:
            summary = play(stage, is_watched=not given.exit)
            if not given.exit:
                leave_open(stage)
    except KeyboardInterrupt:
        if given.exit:
            return failed("It was stopped before its end; nothing is left.", STOPPED)
        say("\nStopped; nothing is left.")
        return 0
    except Exception as error:  # whoever waits for the last line gets one
        return failed(sentence_for(error))
    say(json.dumps(summary))
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def opening(stage: Stage) -> str:
    if stage.shelf.is_stand_in:
        return (
            "TAME starts, with an indexer, a qBittorrent and a stand-in for Audiobookshelf, which "
            "reads folders and answers as one does; all on loopback only."
        )
    return (
        "TAME starts, with an indexer and a qBittorrent on loopback only. The book goes into "
        f"{stage.shelf.folder}, for the Audiobookshelf at {stage.shelf.address}, and stays there."
    )


def door(stage: Stage) -> str:
    return f"{stage.address}/admin/ - user {USER}, password {stage.password}"


def play(stage: Stage, *, is_watched: bool) -> dict[str, Any]:
    say(opening(stage))
    stage.wait_until_it_answers()
    if is_watched:
        say(f"Watch it there: {door(stage)}")
    os.environ.update(stage.environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tame.settings"
    django.setup()
    steps = import_module("demo.play")  # it imports models, which need the setup
    summary: dict[str, Any] = steps.Play(stage, say).run()
    return summary


def leave_open(stage: Stage) -> None:
    say(f"\nLook around: {door(stage)}")
    if stage.shelf.is_stand_in:
        say(f"What the stand-in shows: {stage.shelf.address}/")
    say("Ctrl-C ends it and removes everything.")
    while True:
        stage.check()
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
