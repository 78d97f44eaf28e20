"""What the first page says, for who has no browser."""

from __future__ import annotations

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
        data = {
            "next": step.sentence if step else "",
            "everything_paused": everything_is_paused(),
            "worker_answers": not is_silent,
            "attention": found,
            "counts": counts,
        }
        lines = [f"Next: {data['next']}", *([SILENT] if is_silent else []), ""]
        lines += [f"Needs attention: {one['what']}: {one['sentence']}" for one in found]
        lines += [", ".join(f"{label}: {count}" for label, count in counts.items())]
        return Result("\n".join(lines), data)


def everything(permission: str) -> bool:
    """Whoever runs commands may see all."""
    return True
