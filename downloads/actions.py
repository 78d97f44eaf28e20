"""The table of what a person may do with downloads and clients, for buttons and lists alike."""

from __future__ import annotations

from django.db.models import QuerySet

from downloads import steer
from downloads.clients import make_default
from downloads.diagnose import check_client, check_folders
from downloads.forms import (
    CancelForm,
    CategoryForm,
    FailedForm,
    NothingForm,
    RetryOnForm,
    UndoForm,
    WrongForm,
)
from downloads.import_forms import BookForm, SureForm
from downloads.models import Client, Download, Import
from downloads.next_best import all_books, next_best, take_next_best
from downloads.reviewing import (
    another_book,
    can_be_another,
    can_be_by_tags,
    can_be_overruled,
    drop,
    import_anyway,
    import_by_tags,
    try_again,
)
from downloads.states import ENDS, IN_CLIENT, Doubt, ImportState, State
from downloads.two_orders import in_sentences
from downloads.undo import (
    about_earlier,
    about_listeners,
    can_put_earlier_back,
    can_redo,
    can_undo,
    put_earlier_back,
    redo,
    undo,
    what_undo_does,
)
from downloads.wrong import (
    can_be_right,
    can_be_wrong,
    right_after_all,
    what_wrong_does,
    wrong_book,
)
from tame.lib.admin.switching import switches
from tame.lib.admin.verbs import Said, Verb
from tame.lib.errors import LocalError

S = State
SHOWN = 10  # rows whose preview is read before a verb is told to many


def can_pause(download: Download) -> bool:
    return download.state in (S.QUEUED, *IN_CLIENT) and not download.is_paused


def can_resume(download: Download) -> bool:
    return download.state in (S.QUEUED, *IN_CLIENT) and download.is_paused


def can_cancel(download: Download) -> bool:
    return S.CANCELLED in download.MOVES[download.state] or download.state == S.COMPLETED


def can_fail(download: Download) -> bool:
    return S.FAILED in download.MOVES[download.state]


def can_be_replaced(download: Download) -> bool:
    """It has not arrived, and its book does not come by another one."""
    if download.state in (S.COMPLETED, S.REMOVED):
        return False
    ended = download.state in ENDS
    return not (ended and any(book.coming or book.on_shelf for book in all_books(download)))


# --- What the buttons do beyond their verb --------------------------------------------------------


def about_adopted(rows: QuerySet[Download]) -> str:
    adopted = rows.filter(adopted=True).count()
    if not adopted:
        return ""
    which = "It was" if rows.count() == 1 else f"{adopted} of them were"
    return f"{which} in qBittorrent before TAME: such a torrent stays there, with its files."


def preview_undo(rows: QuerySet[Import]) -> str:
    known = rows.select_related("copy__library__server", "download__client", "book")[:SHOWN]
    said = [line for row in known for line in (*what_undo_does(row), *about_listeners(row))]
    return "\n".join(said)


def preview_earlier(rows: QuerySet[Import]) -> str:
    known = rows.select_related("replaces__library", "copy__library", "download__client", "book")
    said = [line for row in known for line in (*what_undo_does(row), about_earlier(row))]
    return "\n".join(said)


def preview_wrong(rows: QuerySet[Import]) -> str:
    joined = ("copy__library__server", "download__client", "download__release", "book")
    known = rows.select_related(*joined)[:SHOWN]
    said = [line for row in known for line in (*what_wrong_does(row), *about_listeners(row))]
    return "\n".join(said)


def replace(download: Download, *, actor: str) -> str:
    new = take_next_best(download, actor=actor)
    return f"“{download}” is given up; “{new}” of {new.indexer_name} is queued instead."


def name_the_next(download: Download) -> str:
    try:
        release = next_best(download)
    except LocalError:  # the links cannot be read; the button would only say so
        return ""
    return f"Take the next best: {release}" if release else ""


def test(client: Client, *, actor: str) -> Said:
    return check_client(client)


def test_folders(client: Client, *, actor: str) -> Said:
    return [check_folders(client)]


def what_is_in_doubt(rows: QuerySet[Import]) -> str:
    return in_doubt(rows, tags=False)


def what_is_by_tags(rows: QuerySet[Import]) -> str:
    return in_doubt(rows, tags=True)


def in_doubt(rows: QuerySet[Import], *, tags: bool) -> str:
    known = rows.select_related("book")[:SHOWN]
    said = [(f"“{row.book}”: {row.last_error}", *in_sentences(row, tags=tags)) for row in known]
    return "\n".join(line for lines in said for line in lines)


def named_anyway(row: Import) -> str:
    return "Import anyway, by the names" if row.doubt == Doubt.ORDER else "Import anyway"


def what_is_let_go(rows: QuerySet[Import]) -> str:
    books = ", ".join(f"“{row.book}”" for row in rows.select_related("book"))
    return f"Say which book it is. {books} is wanted as before."


DOWNLOADS = [
    Verb(
        "push", "Push to qBittorrent", "downloads.push_download", steer.push_now,
        "to be pushed", fits=lambda download: download.state == S.QUEUED,
    ),
    Verb(
        "retry", "Retry", "downloads.retry_download", steer.retry, "queued again",
        fits=lambda download: download.state in (S.FAILED, S.HELD, S.ABANDONED),
    ),
    Verb(
        "retry_on", "Retry on", "downloads.schedule_download", steer.retry_on, "to be retried then",
        fits=lambda download: download.state == S.FAILED, form=RetryOnForm, sure="Retry then",
    ),
    Verb(
        "next_best", "Take the next best", "downloads.replace_download", replace, "replaced",
        fits=can_be_replaced, label_for=name_the_next, in_list=False,
    ),
    Verb(
        "pause", "Pause", "downloads.pause_download", steer.pause, "paused", fits=can_pause,
    ),
    Verb(
        "resume", "Resume", "downloads.resume_download", steer.resume, "resumed", fits=can_resume,
    ),
    Verb(
        "reannounce", "Re-announce", "downloads.reannounce_download", steer.reannounce,
        "announced again", fits=lambda download: download.state in IN_CLIENT,
    ),
    Verb(
        "recheck", "Recheck", "downloads.recheck_download", steer.recheck, "being rechecked",
        fits=lambda download: download.state in IN_CLIENT,
    ),
    Verb(
        "set_category", "Set category", "downloads.category_download", steer.set_category,
        "given the category", form=CategoryForm,
        fits=lambda download: download.state in (S.QUEUED, *IN_CLIENT),
    ),
    Verb(
        "failed_because", "Failed, because", "downloads.fail_download", steer.failed_because,
        "marked as failed", fits=can_fail, form=FailedForm, sure="It has failed",
    ),
    Verb(
        "cancel", "Cancel", "downloads.cancel_download", steer.cancel, "cancelled",
        fits=can_cancel, form=CancelForm, caution=about_adopted, sure="Yes, cancel",
    ),
]  # fmt: skip

IMPORTS = [
    Verb(
        "again", "Try again", "downloads.retry_import", try_again, "to be tried again",
        fits=lambda row: row.state in (ImportState.FAILED, ImportState.REVIEW),
    ),
    Verb(
        "anyway", "Import anyway", "downloads.retry_import", import_anyway, "to be imported anyway",
        fits=can_be_overruled, form=SureForm, caution=what_is_in_doubt, label_for=named_anyway,
    ),
    Verb(
        "by_tags", "Import anyway, by the track tags", "downloads.retry_import", import_by_tags,
        "to be imported by their tags", fits=can_be_by_tags, form=SureForm,
        caution=what_is_by_tags, in_list=False,
    ),
    Verb(
        "another", "Another book", "downloads.retry_import", another_book, "given another book",
        fits=can_be_another, form=BookForm, caution=what_is_let_go, in_list=False,
    ),
    Verb(
        "drop", "Do not import", "downloads.retry_import", drop, "dropped",
        fits=lambda row: ImportState.DROPPED in row.MOVES[row.state] and not row.copy_id,
    ),
    Verb(
        "undo", "Take off the shelf", "downloads.undo_import", undo, "leaving the shelf",
        fits=can_undo, form=UndoForm, caution=preview_undo,
    ),
    Verb(
        "earlier", "Put the earlier copy back", "downloads.undo_import", put_earlier_back,
        "giving its place back", fits=can_put_earlier_back, form=NothingForm,
        caution=preview_earlier, in_list=False,
    ),
    Verb(
        "redo", "Put it back", "downloads.undo_import", redo, "put back", fits=can_redo,
    ),
    Verb(
        "wrong", "Wrong book", "downloads.wrong_import", wrong_book, "said to be wrong",
        fits=can_be_wrong, form=WrongForm, caution=preview_wrong,
    ),
    Verb(
        "right", "It was right after all", "downloads.wrong_import", right_after_all,
        "right after all", fits=can_be_right,
    ),
]  # fmt: skip

CLIENTS = [
    Verb("test", "Test", "downloads.test_client", test, "tested and well"),
    Verb(
        "test_folders", "Test its folders", "downloads.test_client", test_folders, "reachable here",
        fits=lambda client: bool(client.save_path),
    ),
    Verb(
        "make_default", "Use by default", "downloads.change_client",
        lambda client, *, actor: make_default(client), "used by default",
        fits=lambda client: not client.default, in_list=False,
    ),
    *switches("downloads.change_client"),
]  # fmt: skip
