"""Test a client and its path mappings: what was tried, what was seen, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

from books.models import Library
from downloads import mounts
from downloads.brakes import GIGABYTE, keep_space
from downloads.clients import talking_to
from downloads.models import Client, ClientPath
from downloads.mounts import holds, is_below, parts
from downloads.qbittorrent import QBittorrent
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, ServiceDownError
from tame.lib.seeing import is_seen
from tame.lib.sizes import readable


def check_client(client: Client) -> list[Checked]:
    """Log in, read version, folder, free space and category. Never changes its preferences."""
    client.refresh_from_db()
    if not client.refused_credentials:  # those are tried again only when new ones are saved
        client.reset()
    try:
        with talking_to(client) as gateway:
            return [
                about_version(client, gateway),
                *about_space(client, gateway),
                *about_category(client, gateway),
                *about_network(client, gateway),
                *about_limits(client, gateway),
            ]
    except ServiceDownError as error:
        return [Checked(False, str(error))]


def about_version(client: Client, gateway: QBittorrent) -> Checked:
    version = gateway.version()
    Client.objects.filter(pk=client.pk).update(version=version)
    return Checked(True, f"{client} answers: qBittorrent {version}.")


def about_space(client: Client, gateway: QBittorrent) -> list[Checked]:
    looked_at = timezone.now()
    folder, free = gateway.default_save_path(), gateway.free_space()
    keep_space(client, free, looked_at)
    if free is None:
        return [Checked(True, f"It saves to {folder}.")]
    return [Checked(free > GIGABYTE, f"It saves to {folder}, with {readable(free)} free.")]


def about_category(client: Client, gateway: QBittorrent) -> list[Checked]:
    try:
        folder = learn_folder(client, gateway)
    except BadInputError as error:
        return [Checked(False, str(error))]
    where = f", saved to {folder}" if folder != gateway.default_save_path() else ""
    return [Checked(True, f"Its category “{client.category}” is there{where}.")]


def learn_folder(client: Client, gateway: QBittorrent) -> str:
    client.save_path = gateway.folder_of(client.category)
    Client.objects.filter(pk=client.pk).update(save_path=client.save_path)
    return client.save_path


def about_network(client: Client, gateway: QBittorrent) -> list[Checked]:
    status = gateway.transfer().connection_status
    if status == "disconnected":
        return [
            Checked(
                False,
                f"{client} says that it is disconnected: nothing will arrive until its network "
                "or its VPN is back.",
            )
        ]
    if status == "firewalled":
        said = "Others cannot reach it from outside: it downloads, but more slowly."
        return [Checked(True, f"Its connection is firewalled. {said}")]
    return [Checked(True, f"Its connection is {status}.")]


def about_limits(client: Client, gateway: QBittorrent) -> list[Checked]:
    """Only where its own limits stand in the way of TAME's goals."""
    if not gateway.preferences().removes_finished:
        return []
    return [
        Checked(
            False,
            f"{client} takes torrents out of its list by itself once they have seeded for as long "
            "as its own limit says, whatever their indexer asks for, and maybe before their book "
            "is imported. Let it stop them in the place of that (Options, BitTorrent, Seeding "
            "Limits); what becomes of them then is set in TAME, under Seeding.",
        )
    ]


# --- Paths ----------------------------------------------------------------------------------------


def our_path(client: Client, path: str) -> tuple[str, ClientPath | None]:
    """The client's path as we see it, by the longest mapped prefix; and the mapping used."""
    fitting = [row for row in client.paths.all() if is_below(path, row.client_prefix)]
    mapping = max(fitting, key=lambda row: len(row.client_prefix), default=None)
    if mapping is None:
        return path, None
    rest = parts(path)[len(parts(mapping.client_prefix)) :]
    return str(Path(mapping.our_prefix, *rest)), mapping


def probable(path: str, names: Sequence[str]) -> tuple[str, str] | None:
    """Looked for around what is known of this machine: mapped folders and libraries."""
    ours = ClientPath.objects.values_list("our_prefix", flat=True)
    roots = Library.objects.values_list("root", flat=True)
    return mounts.probable(path, [Path(folder) for folder in (*ours, *roots)], names)


def check_folders(client: Client) -> Checked:
    """Whether the folder that the client saves to now is there for us too; the one that it named
    last, where it cannot be asked."""
    with suppress(ServiceDownError, BadInputError), talking_to(client) as gateway:
        learn_folder(client, gateway)
    return check_mapping(client)


def check_mapping(client: Client, path: str = "", names: Sequence[str] = ()) -> Checked:
    """Whether the client's folder, or the given path of it, is there for us too. `names`: files
    below it, one of which has to be there."""
    path = path or client.save_path
    if not path:
        return Checked(False, f"The folder of {client} is not known yet: test the client first.")
    ours, mapping = our_path(client, path)
    said = f"{client} calls it {path}"
    said += (
        f"; by the mapping “{mapping}” that is {ours} here" if mapping else " and no mapping fits"
    )
    if holds(Path(ours), names):
        same = f"{client} calls it {path}, and here it is the same: no mapping is needed."
        return Checked(True, f"{said}. It is there." if mapping else same)
    if mapping and holds(Path(path), names):
        return Checked(False, f"{said}. It is not there, but {path} is: remove this mapping.")
    missing = "It is there, but not its files." if is_seen(Path(ours)) else "It is not there."
    likely = probable(path, names)
    if likely is None:
        return Checked(
            False,
            f"{said}. {missing} Add a remote path mapping from the folder as {client} calls it "
            "to the same folder as this machine or container sees it.",
        )
    theirs, here = likely
    return Checked(
        False,
        f"{said}. {missing} The right mapping is probably from {theirs} to {here}, where "
        f"{'its files are' if names else 'such a folder is'}.",
    )
