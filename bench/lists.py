"""How often the judge is right on whole lists; ends with 1 when a figure has fallen."""

from __future__ import annotations

import json
import sys
import time

from bench.ground import prepare

prepare()

from tests.indexers.lists.counting import all_answered, figures, printed  # noqa: E402
from tests.indexers.test_lists import REACHED, WANTED  # noqa: E402


def main() -> None:
    started = time.perf_counter()
    answers = all_answered()
    took, found = time.perf_counter() - started, figures(answers)
    for name, line in zip(found, printed(found), strict=True):
        sys.stdout.write(f"{line}; wanted {WANTED[name]:.1%}\n")
    shares = {name: round(one.value, 4) for name, one in found.items()}
    result = {"bench": "lists", "lists": len(answers), "seconds": round(took, 1), **shares}
    sys.stdout.write(f"{json.dumps(result)}\n")
    if any(found[name].value < least for name, least in REACHED.items()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
