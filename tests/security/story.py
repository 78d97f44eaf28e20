"""TAME's whole way through services that give secrets away: with success, and every failure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.test import Client as Browser
from django.test import TestCase
from django.urls import reverse

from books.models import Book, ShelfServer
from downloads.clients import credentials_changed
from downloads.confirm import confirm_due
from downloads.grab import How, add_torrent, grab
from downloads.models import Client, Download, Payload, Route
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import State
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from downloads.trackers import ask_trackers
from indexers.connect import add_indexer, list_indexers
from indexers.models import Indexer, Release
from indexers.search import search_book
from tame.environment import declare
from tame.lib.errors import TameError
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torznab import FakeIndexer
from tests.fakes.torznab_failures import ANYBODY, DOWNLOADS, JACKETT, PROWLARR
from tests.people import browser, button_of
from tests.security.world import (
    World,
    entry,
    feed,
    magnet,
    slug,
    torrent,
)

SLOW = {"hang", "too-big"}


class Story:
    """`told` is every sentence, page and document that anybody was given, with its place."""

    def __init__(self, world: World) -> None:
        self.world, self.secrets = world, world.secrets
        self.told: list[tuple[str, str]] = []
        self.browser: Browser = browser()
        self.books = 0

    def run(self) -> None:
        self.connect()
        self.search()
        self.download()
        self.meet_bad_pages()
        self.fetch()

    # --- Noting -------------------------------------------------------------------------------

    def tell(self, place: str, said: object) -> None:
        self.told.append((place, str(said)))

    def attempt(self, place: str, act: Callable[..., object], *given: Any, **how: Any) -> None:
        """What it says, or the sentence of its error."""
        try:
            self.tell(place, act(*given, **how))
        except TameError as error:
            self.tell(f"{place}, its error", f"{error} {error!r} {error.args}")

    def post(self, url: str, **data: Any) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = self.browser.post(url, data, follow=True)
        assert answer.status_code == 200, (url, answer.status_code)
        self.tell(f"POST {url}", answer.content.decode())

    def press(self, row: Any, verb: str, **data: Any) -> None:
        self.post(button_of(row, verb), **data)

    # --- Connecting ---------------------------------------------------------------------------

    def connect(self) -> None:
        s, world = self.secrets, self.world
        for fake in (world.jackett, world.prowlarr):
            address = f"{fake.url}?t=caps&apikey={quote(fake.key, safe='')}"
            self.post(reverse("admin:indexers_indexer_add"), address=address, name=fake.kind)
            self.import_all(fake)
        self.add_clients()
        make_indexer(
            "Public", f"{world.site.url}/public/api", key=s.key, also_allow=world.site.host
        )
        self.tell("environment", " ".join(declare()))
        Client.objects.update(unfinished_limit=500)
        self.wrong_addresses()

    def import_all(self, fake: FakeIndexer) -> None:
        url = reverse("admin:indexers_indexer_add_all")
        self.post(url, address=fake.server, key=fake.key)
        self.post(url, address=fake.server, key=fake.key, add="1", chosen=fake.url)
        self.post(url, address=fake.server, key=self.secrets.said)
        self.post(url, address=f"{fake.server}/?apikey={quote(fake.key, safe='')}")
        for name in sorted(ANYBODY.keys() - SLOW):
            fake.fail(name)
            self.attempt(f"import, {name}", list_indexers, fake.server, fake.key)
        fake.recover()

    def add_clients(self) -> None:
        s, world = self.secrets, self.world
        login = {"username": world.old.username, "new_password": s.password}
        add = reverse("admin:downloads_client_add")
        plain = {"category": "tame", "unfinished_limit": "500"}
        self.post(add, name="old", address=world.old.url, **login, **plain)
        self.post(add, name="new", address=world.new.url, **login, **plain)
        self.post(add, name="keyed", address=world.new.url, new_api_key=s.api_key, **plain)
        self.post(add, name="refused", address=f"http://ann:{s.password}@h:1", **login, **plain)
        for name, fake in (("jackett", "old"), ("prowlarr", "new")):
            indexer = Indexer.objects.get(name=name)
            Route.objects.create(indexer=indexer, client=Client.objects.get(name=fake))

    def wrong_addresses(self) -> None:
        s, add = self.secrets, reverse("admin:indexers_indexer_add")
        for wrong in (f"http://ann:{s.key}@jackett:9117/torznab/pd", f"ftp://h/?apikey={s.key}"):
            self.attempt(f"add {wrong[:6]}", add_indexer, wrong, key=s.key)
        self.post(add, address="http://jackett:9117/UI/Dashboard", new_key=s.key)
        self.post(add, address=f"http://jackett:9117/UI/Dashboard?apikey={quote(s.key, safe='')}")

    def client_rows(self) -> Iterator[tuple[Client, FakeQBittorrent]]:
        for client in Client.objects.all():
            yield client, next(f for f in self.world.clients if f.url == client.address)

    # --- Searching ----------------------------------------------------------------------------

    def wanted(self, title: str) -> Book:
        self.books += 1
        return make_book(f"{title} {self.books}" if title == "Tale" else title)

    def search(self) -> None:
        world, s = self.world, self.secrets
        world.offer("Emma", "Ruth")
        link = f"{world.site.url}/ok/dl?jackett_apikey={quote(s.key, safe='')}&file=Emma"
        title = "Emma by Elizabeth Gaskell public"
        world.site.put("/public/api", feed(s, entry(s, title, link)))
        emma = self.wanted("Emma")
        fails = ((world.jackett, ANYBODY | JACKETT), (world.prowlarr, ANYBODY | PROWLARR))
        for name in sorted((ANYBODY | JACKETT | PROWLARR).keys() - SLOW):
            for fake, known in fails:
                if name in known:
                    fake.fail(name)
            self.search_again(emma)
            for fake, _ in fails:
                fake.recover()
        self.search_again(emma)
        self.search_again(self.wanted("Ruth"))
        self.test_all()

    def meet_bad_pages(self) -> None:
        for name in self.world.bad_pages:
            address = f"{self.world.site.url}/{slug(name)}/api"
            make_indexer(f"bad {name}", address, key=self.secrets.key)
        self.told_by_search(self.wanted("Tale"))
        self.test_all()

    def test_all(self) -> None:
        """By the list's action, which tells a few, and each one by itself by the button."""
        rows = list(Indexer.objects.all())
        chosen = {"action": "test", "_selected_action": [row.pk for row in rows]}
        self.post(reverse("admin:indexers_indexer_changelist"), **chosen)
        for row in rows:
            self.press(row, "test")
            row.reset()

    def told_by_search(self, book: Book) -> None:
        search = search_book(book, asked_by="story")
        for query in search.queries.all():
            self.tell(f"query of {query.indexer_name}", query.sentence)

    def search_again(self, book: Book) -> None:
        for indexer in Indexer.objects.all():
            indexer.reset()
        self.told_by_search(book)

    # --- Fetching -----------------------------------------------------------------------------

    def fetch(self) -> None:
        """Links that give no torrent, each of an indexer of its own."""
        s = self.secrets
        for indexer in Indexer.objects.filter(name__startswith="bad "):
            indexer.reset()
            path = f"{indexer.address.removesuffix('/api')}/dl"
            link = f"{path}?passkey={s.said}&jackett_apikey={{key}}"
            book = self.wanted("Tale")
            release = make_release(indexer, book, title=f"Tale of {indexer}", link=link)
            grab(book, release, actor="ann", client=Client.objects.get(name="old"), how=How.ANYWAY)
        self.steps()
        self.fetch_foreign()

    def fetch_foreign(self) -> None:
        """Links that lead to somebody else."""
        world, s = self.world, self.secrets
        indexer = Indexer.objects.get(name="Public")
        for name in list(world.bad_pages)[::4]:
            book = self.wanted("Tale")
            link = f"{world.site.url}/{slug(name)}/dl?passkey={s.said}"
            add_torrent(book, link, actor="ann", client=Client.objects.get(name="old"))
            release = make_release(indexer, book, title=f"Foreign {name}", link=link)
            self.tell("release", release)
        self.steps()

    def queue(self, client: Client, *, by_magnet: bool = False) -> Download:
        """A torrent for a book that nobody waits for."""
        book, payload = self.wanted("Tale"), torrent(self.secrets, f"Tale {self.books}")
        given = magnet(self.secrets, payload) if by_magnet else payload
        return add_torrent(book, given, actor="ann", client=client)

    def steps(self) -> None:
        """What the schedules run, twice."""
        for _ in range(2):
            for step in (push_due, confirm_due, sync_due, tidy_due, ask_trackers, retry_due):
                self.attempt(step.__name__, step)

    # --- Downloading --------------------------------------------------------------------------

    def download(self) -> None:
        """All goes well, on every client and for each kind of link; then links that fail."""
        clients = list(Client.objects.all())
        for client in clients:
            credentials_changed(client)
        releases = list(Release.objects.exclude(title__startswith="Ruth"))
        for number, release in enumerate(releases):
            client = clients[number % len(clients)]
            self.attempt("grab", self.take, release, client)
        self.steps()
        self.world.note_cookies()
        done = Download.objects.filter(state=State.DOWNLOADING).first()
        assert done is not None
        for verb in ("pause", "resume", "recheck", "reannounce"):
            self.press(done, verb)
        self.steps()
        self.fail_links()

    def take(self, release: Release, client: Client | None = None) -> Download:
        release.indexer.reset()
        book = self.wanted("Tale")
        return grab(book, release, actor="ann", client=client, how=How.ANYWAY)

    def fail_links(self) -> None:
        links = Release.objects.filter(title__startswith="Ruth", title__endswith="torrent")
        fakes = (self.world.jackett, self.world.prowlarr)
        for name in sorted(DOWNLOADS.keys() - SLOW):
            rows = []
            for fake in fakes:
                fake.fail_downloads(name)
                release = links.filter(indexer__name=fake.kind).first()
                assert release is not None
                rows.append(self.take(release).pk)
            self.attempt(f"link {name}", push_due)
            Download.objects.filter(pk__in=rows).update(state=State.CANCELLED)
            for fake in fakes:
                fake.recover()

    def listed(self, client: Client) -> list[Download]:
        """Four downloads that this client lists by now."""
        rows = [self.queue(client, by_magnet=n == 3) for n in range(4)]
        self.attempt("push", push_due)
        self.attempt("confirm", confirm_due)
        found = list(Download.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
        assert {row.state for row in found} == {State.DOWNLOADING}, self.told[-2:]
        return found


def kept() -> str:
    """What the sealed columns hold, opened: proof that the secrets came in."""
    opened = [f"{row.link} {row.magnet}" for row in Payload.objects.all()]
    opened += [base64.b64decode(row.torrent).decode("latin-1") for row in Payload.objects.all()]
    opened += [indexer.key for indexer in Indexer.objects.all()]
    opened += [server.key for server in ShelfServer.objects.all()]
    return "\n".join(opened + [f"{c.password} {c.api_key}" for c in Client.objects.all()])
