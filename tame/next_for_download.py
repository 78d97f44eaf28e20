"""What a download waits for, and what a person can do about it."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import naturaltime

from books.models import Library
from downloads.copying import is_being_copied
from downloads.models import Download, count_unfinished
from downloads.states import ENDS, ImportState, State
from indexers.limits import fetches_of
from tame.next_for_service import TO_LIBRARY
from tame.next_links import Link, NextStep, do, page
from tame.runners import everything_is_paused

IMPORTED = (ImportState.PLACED, ImportState.SHELVED)


def next_step(download: Download) -> NextStep:
    if download.state in (State.QUEUED, State.PUSHED) and everything_is_paused():
        return NextStep("Everything is paused: go on with the switch on the first page.")
    steps = {
        State.QUEUED: queued,
        State.PUSHED: pushed,
        State.DOWNLOADING: downloading,
        State.COMPLETED: completed,
        State.FAILED: failed,
        State.HELD: held,
    }
    return (steps | dict.fromkeys(ENDS, ended))[State(download.state)](download)


def retry(download: Download, label: str = "Retry") -> Link:
    return do(download, "retry", label, "downloads.retry_download")


def resume(download: Download) -> Link:
    return do(download, "resume", "Resume", "downloads.resume_download")


def queued(download: Download) -> NextStep:
    client = download.client
    if download.is_paused:
        return NextStep("It is paused and was not handed over yet.", (resume(download),))
    if not client.is_usable:
        said = client.last_error or f"{client} is switched off."
        return NextStep(f"It waits for {client}: {said}", (page(client),))
    if count_unfinished(client) >= client.unfinished_limit:
        return NextStep(
            f"It waits for a place: {client} gets {client.unfinished_limit} unfinished downloads "
            "at a time. Nothing to do.",
            (page(client, "Change that"),),
        )
    indexer = download.indexer
    if indexer is not None and indexer.is_off:
        return NextStep(f"It waits for {indexer}: {indexer.last_error}", (page(indexer),))
    if indexer is not None and (allowed := fetches_of(indexer)).left == 0:
        return NextStep(f"It waits. {allowed.sentence}", (page(indexer),))
    return NextStep(f"It is handed to {client} within a minute. Nothing to do.")


def pushed(download: Download) -> NextStep:
    return NextStep(f"It was handed to {download.client}, and is looked for there. Nothing to do.")


def downloading(download: Download) -> NextStep:
    if download.is_paused:
        return NextStep("It is paused.", (resume(download),))
    if download.client.last_error or download.client.problem:
        return NextStep(download.client.last_error or download.client.problem)
    if download.warning:
        return NextStep(f"It is downloading, but: {download.warning}")
    return NextStep(f"It is downloading, {100 * download.progress:.0f} % are there. Nothing to do.")


def completed(download: Download) -> NextStep:
    waits = download.imports.filter(state__in=(ImportState.REVIEW, ImportState.FAILED)).first()
    if waits is not None:
        return NextStep(f"It is complete, but: {waits.last_error}", (page(waits, "Decide"),))
    folder = download.content_path or download.save_path or "its folder"
    said = f"It is complete in {folder} of {download.client}."
    here = download.imports.filter(state__in=IMPORTED).select_related("book").first()
    if here is None:
        return to_be_placed(download, said)
    where = here.get_state_display()
    return NextStep(f"{said} “{here.book}” is {where}.", (page(here.book, f"To “{here.book}”"),))


def to_be_placed(download: Download, said: str) -> NextStep:
    pending = list(download.imports.filter(state=ImportState.PENDING))
    if not pending:
        return NextStep(said)
    if any(map(is_being_copied, pending)):
        return NextStep(f"{said} It goes into the library right now. Nothing to do.")
    if not Library.objects.exists():
        said += " Say where your audiobooks stand, and it is put there."
        return NextStep(said, (TO_LIBRARY(),))
    return NextStep(f"{said} It is put into the library within a minute. Nothing to do.")


def failed(download: Download) -> NextStep:
    again = naturaltime(download.retry_at) if download.retry_at else "soon"
    said = f"{download.last_error} It is tried again by itself ({again})."
    return NextStep(said, (retry(download, "Retry now"),))


def held(download: Download) -> NextStep:
    said = f"{download.last_error} Retry when the cause is gone, or take another release."
    return NextStep(said.strip(), (retry(download),))


def ended(download: Download) -> NextStep:
    """Its books live on."""
    books = [delivery.book for delivery in download.imports.select_related("book")]
    said = f"It is {download.get_state_display()}."
    return NextStep(said, tuple(page(book, f"To “{book}”") for book in books[:3]))
