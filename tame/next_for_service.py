"""What a client, an indexer or an Audiobookshelf needs next."""

from __future__ import annotations

from collections.abc import Callable

from books.models import Library, ShelfServer
from downloads.models import Client
from indexers.models import Indexer
from tame.models import LocalClient
from tame.next_links import Link, NextStep, do, link, page

TO_CLIENT = link("Connect my qBittorrent", "admin:downloads_client_add", "downloads.add_client")
TO_RUN_HERE = link("Run one here", "admin:run_here", "downloads.add_client")
TO_INDEXER = link("Add one indexer", "admin:indexers_indexer_add", "indexers.add_indexer")
TO_INDEXERS = link(
    "Add all of a Jackett or Prowlarr", "admin:indexers_indexer_add_all", "indexers.add_indexer"
)
TO_NETWORK = link("Its network, or stop it", "admin:run_here", "downloads.add_client")
TO_LIBRARY = link("Add a library", "admin:books_library_add", "books.add_library")
Sees = Callable[[str], bool]  # whether a person has this permission
HIDDEN = NextStep("TAME waits for a client or an indexer, which others than you look after.")


def a_service(sees: Sees) -> NextStep | None:
    """What a client or an indexer needs, before anything else can happen."""
    if step := a_client():
        return step if sees("downloads.view_client") else HIDDEN
    if step := an_indexer():
        return step if sees("indexers.view_indexer") else HIDDEN
    return None


def a_client() -> NextStep | None:
    """A client that works, or what keeps it from working."""
    clients = list(Client.objects.defer("password", "api_key"))
    if not clients:
        said = "First connect the qBittorrent that downloads for you, or let TAME run one."
        return NextStep(said, (TO_CLIENT(), TO_RUN_HERE()))
    enabled = [client for client in clients if client.enabled]
    if not enabled:
        off = clients[0]
        return NextStep(f"{off} is switched off: nothing is downloaded.", (page(off),))
    if any(for_client(client) is None for client in enabled):
        return None
    return for_client(enabled[0])


def for_client(client: Client) -> NextStep | None:
    test = do(client, "test", f"Test {client}", "downloads.test_client")
    if not client.enabled:
        return NextStep(f"{client} is switched off.", (page(client),))
    if client.refused_credentials:
        said = client.last_error or f"{client} refused the login."
        return NextStep(f"{said} Save the right one, then test.", (page(client), test))
    if client.last_error:
        return NextStep(client.last_error, (test, page(client)))
    if client.last_ok_at is None:
        return NextStep(f"Nothing is known of {client} yet: test it.", (test,))
    return NextStep(client.problem, (page(client),)) if client.problem else None


def for_own_client(client: Client) -> NextStep | None:
    """The one that TAME runs: its page leads to where its network is chosen."""
    row = LocalClient.objects.filter(client=client).first()
    if row is None:
        return None
    if not row.wanted:
        return NextStep(f"{client} is stopped.", (TO_RUN_HERE(),))
    if step := for_client(client):
        return NextStep(step.sentence, (*step.links, TO_NETWORK()))
    said = f"TAME runs it, on {row.interface}."
    if row.is_cut_off:
        said = "It is on loopback only: nothing arrives from outside until you choose its network."
    return NextStep(said, (TO_NETWORK(),))


def an_indexer() -> NextStep | None:
    indexers = list(Indexer.objects.defer("key"))
    if not indexers:
        said = "Tell TAME where to search: add an indexer, or all that you have at once."
        return NextStep(said, (TO_INDEXERS(), TO_INDEXER()))
    enabled = [indexer for indexer in indexers if indexer.enabled]
    if not enabled:
        return NextStep("Every indexer is switched off: nothing is found.", (to_indexers(),))
    if any(for_indexer(indexer) is None for indexer in enabled):
        return None
    if len(enabled) > 1 and all(is_untested(indexer) for indexer in enabled):
        said = f"Test your {len(enabled)} indexers: tick them in the list and choose Test."
        return NextStep(said, (to_indexers(),))
    return for_indexer(enabled[0])


def to_indexers() -> Link:
    return link("To the indexers", "admin:indexers_indexer_changelist")()


def is_untested(indexer: Indexer) -> bool:
    return indexer.last_ok_at is None and not indexer.last_error


def for_indexer(indexer: Indexer) -> NextStep | None:
    test = do(indexer, "test", f"Test {indexer}", "indexers.test_indexer")
    if not indexer.enabled:
        return NextStep(f"{indexer} is switched off.", (page(indexer),))
    if indexer.key_was_refused:
        said = f"{indexer.last_error} Save it, then test."
        return NextStep(said, (page(indexer), test))
    if indexer.last_error:
        return NextStep(indexer.last_error, (test, page(indexer)))
    if indexer.last_ok_at is None:
        return NextStep(f"Nothing is known of {indexer} yet: test it.", (test,))
    return None


def for_shelf_server(server: ShelfServer) -> NextStep | None:
    """TAME works without one, so only its own page asks for anything."""
    test = do(server, "test", f"Test {server}", "books.test_shelfserver")
    if not server.enabled:
        return NextStep(f"{server} is switched off: it is not asked to scan.", (page(server),))
    if server.last_error:
        return NextStep(server.last_error, (test,))
    if server.last_ok_at is None:
        return NextStep(f"Nothing is known of {server} yet: test it.", (test,))
    if Library.objects.filter(server=server).exists():
        return None
    said = f"Say which library of {server} shows your books, on the page of your library in TAME"
    if Library.objects.exists():
        return NextStep(f"{said}.", (link("To the libraries", "admin:books_library_changelist")(),))
    return NextStep(f"{said}: add one.", (TO_LIBRARY(),))
