"""An Audiobookshelf for the demo: one library, one key that was just made."""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import signal
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path

from demo.audiobookshelf.page import page_of
from demo.audiobookshelf.shelf import Shelf
from demo.audiobookshelf.state import State

SCAN_SECONDS = 0.3  # of a real one with a small library


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.audiobookshelf", description=__doc__)
    parser.add_argument("folder", type=Path, help="of its library")
    state, key = State(), secrets.token_urlsafe(24)
    state.keys = {key}
    state.shelves.scan_seconds = SCAN_SECONDS
    state.shelves.libraries.append(Shelf("Audiobooks", parser.parse_args().folder))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl+C does
    with ThreadingHTTPServer(("127.0.0.1", 0), page_of(state)) as server:
        server.daemon_threads = True
        ready = {"address": f"http://127.0.0.1:{server.server_port}", "key": key}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
