"""What the first page says, for who has no browser."""

from __future__ import annotations

from typing import Any

from downloads.copying import being_copied
from tame import live
from tame.dashboard import SILENT, numbers, troubles, worker_is_silent
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.next_step import next_step
from tame.runners import everything_is_paused


class Command(commands.Command):
    help = "Say what comes next, what needs attention and how much there is of everything."

    def run(self, options: Options) -> Result:
        step, is_silent = next_step(None, everything), worker_is_silent()
        found = [{"what": one.what, "sentence": one.sentence} for one in troubles(everything)]
        counts = {number.label: number.count for number in numbers()}
        copied = live.copies(being_copied().select_related("book"))
        data = {
            "next": step.sentence if step else "",
            "everything_paused": everything_is_paused(),
            "worker_answers": not is_silent,
            "attention": found,
            "counts": counts,
            "copied": [{"book": c["title"], "percent": float(c["percent"])} for c in copied],
        }
        lines = [f"Next: {data['next']}", *([SILENT] if is_silent else []), ""]
        lines += [f"Needs attention: {one['what']}: {one['sentence']}" for one in found]
        lines += [f"Goes into the library: {said_of(one)}" for one in copied]
        lines += [", ".join(f"{label}: {count}" for label, count in counts.items())]
        return Result("\n".join(lines), data)


def said_of(copied: dict[str, Any]) -> str:
    return f"{copied['title']}, {copied['figures']} ({copied['percent']} %)."


def everything(permission: str) -> bool:
    """Whoever runs commands may see all."""
    return True
