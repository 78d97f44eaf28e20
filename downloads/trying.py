"""Test a library: also from where each client saves to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from books.libraries import check_library
from books.models import Library
from downloads.diagnose import check_mapping, our_path
from downloads.models import Client
from tame.lib.checked import Checked
from tame.lib.seeing import is_folder


def try_library(library: Library) -> list[Checked]:
    folders, lost = [], []
    clients = Client.objects.filter(enabled=True).defer("password", "api_key")
    for client in clients.prefetch_related("paths"):
        saved = list(dict.fromkeys(saved_to(client)))
        if not saved:
            said = f"Where {client} saves to is not known yet: test it, then the library once more."
            lost.append(Checked(False, said))
        for path in saved:
            ours = Path(our_path(client, path)[0])
            if Path(library.root).resolve() in (ours.resolve(), *ours.resolve().parents):
                said = f"{client} saves to {ours}, in the library itself: no book can be imported"
                lost.append(Checked(False, f"{said} from there. Let it save to a folder outside."))
            elif is_folder(ours):
                folders.append(ours)
            else:
                lost.append(check_mapping(client, path))
    return [*check_library(library, folders), *lost]


def saved_to(client: Client) -> Iterator[str]:
    """Its own folder, and that of its last download: a category may have another."""
    if client.save_path:
        yield client.save_path
    last = client.downloads.exclude(save_path="").order_by("-pk").only("save_path").first()
    if last is not None:
        yield last.save_path
