"""Pages of the documentation that tests write: TAME_WRITE=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def assert_written(name: str, text: str) -> None:
    page = DOCS / name
    if os.environ.get("TAME_WRITE"):
        page.write_text(text, encoding="utf-8")
    now = page.read_text(encoding="utf-8") if page.exists() else ""
    assert now == text, f"docs/{name} is old: TAME_WRITE=1 pytest tests/{name} writes it anew"
