"""What goes wrong in clients, by hand and by bugs."""

from __future__ import annotations

import io
import queue
from datetime import timedelta
from multiprocessing import Value
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.monitor import save_task
from django_q.worker import worker

from downloads.clients import credentials_changed
from downloads.diagnose import check_client
from downloads.grab import add_torrent
from downloads.models import Client, Download
from downloads.push import push_due
from downloads.sync import sync_due
from downloads.trackers import ask_trackers
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.security.shelf import shelve
from tests.security.story import Story
from tests.security.world import (
    HTML,
    JSON,
    log_lines,
    magnet,
    said_by_indexers,
    torrent,
    tracker_says,
)


def tell(story: Story) -> None:
    """The whole of it."""
    story.run()
    for client, fake in story.client_rows():
        lose(story, client, fake)
        if client.name in ("old", "keyed"):
            misbehave(story, client, fake)
    give_by_hand(story)
    shelve(story)
    crash(story)


def lose(story: Story, client: Client, fake: FakeQBittorrent) -> None:
    """Torrents that fail in the client, which says why in its log."""
    credentials_changed(client)
    s, rows = story.secrets, story.listed(client)
    for row, state in zip(rows, ("error", "missingFiles", "stalledDL", "gone"), strict=True):
        name = fake.torrents[row.client_hash].name
        for line in log_lines(s, name):
            fake.log(line)
        fake.say_tracker(row.client_hash, tracker_says(s))
        if state == "gone":
            fake.vanish(row.client_hash)
        else:
            fake.set_state(row.client_hash, state, progress=0.1, amount_left=5)
    long_ago = timezone.now() - timedelta(days=2)
    Download.objects.filter(pk=rows[2].pk).update(last_progress_at=long_ago)
    story.attempt("trackers", ask_trackers)
    for _ in range(4):
        story.attempt("sync", sync_due)
    fake.swallow_adds()
    story.queue(client)
    push_due()
    for line in log_lines(s, "a torrent"):
        fake.log(line)
    story.steps()
    fake.swallow_adds(False)


def misbehave(story: Story, client: Client, fake: FakeQBittorrent) -> None:
    """Everything else that a client, or what stands in front of it, may answer."""
    s = story.secrets
    words = said_by_indexers(s)
    where = {"Location": f"http://sso.example/{s.location_path}?back={s.location}"}
    for text in words.values():
        answered(story, client, fake, "app/version", text, 500)
    story.press(client, "test")
    for path in ("auth/login", "app/webapiVersion", "torrents/info", "torrents/add"):
        answered(story, client, fake, path, words["words"], 500)
        answered(story, client, fake, path, words["address"], 415)
        answered(story, client, fake, path, f"<html>{s.page}</html>", 200, HTML)
        answered(story, client, fake, path, f"<html>{s.page}</html>", 502, HTML)
        answered(story, client, fake, path, "", 302, HTML, where)
        answered(story, client, fake, path, f'{{"passkey": "{s.page}"}}', 200, JSON)
    right, fake.password, fake.api_key = (fake.password, fake.api_key), "other", "qbt_other"
    try_client(story, client)
    fake.password, fake.api_key = right
    fake.ban()
    try_client(story, client)
    fake.restart()
    fake.down()
    try_client(story, client)
    fake.up()
    try_client(story, client)
    story.world.note_cookies()


def answered(
    story: Story,
    client: Client,
    fake: FakeQBittorrent,
    path: str,
    body: str,
    status: int,
    kind: str = "text/plain",
    headers: dict[str, str] | None = None,
) -> None:
    fake.expire_sessions()
    if path == "torrents/add":
        credentials_changed(client)
        story.queue(client)
    fake.answer_next(path, body, status, kind, headers)
    try_client(story, client)
    fake._next.clear()


def try_client(story: Story, client: Client) -> None:
    story.attempt("test", check_client, client)
    for step in (push_due, sync_due):
        Client.objects.filter(pk=client.pk).update(off_until=None)
        story.attempt(step.__name__, step)


# --- By hand, and bugs --------------------------------------------------------------------


def give_by_hand(story: Story) -> None:
    s, world = story.secrets, story.world
    world.site.put("/ok/dl", world.bad_pages["half-a-torrent"])
    link = f"{world.site.url}/ok/dl?passkey={s.given_link}"
    payload = torrent(s, "By hand")
    for given in (
        link,
        magnet(s, torrent(s, "By magnet")),
        "magnet:?dn=x&tr=http://t/" + s.magnet,
    ):
        book = story.wanted("Tale")
        story.post(reverse("admin:books_book_give", args=[book.pk]), link=given)
    for content in (payload, payload[:300], b"<html>" + s.page.encode()):
        book, file = story.wanted("Tale"), io.BytesIO(content)
        file.name = "tale.torrent"
        story.post(reverse("admin:books_book_give", args=[book.pk]), file=file)
        story.attempt("by hand", add_torrent, book, content, actor="ann")
    story.steps()


def crash(story: Story) -> None:
    """A task with a bug, whose traceback quotes what it was doing; and the log of it."""
    tasks = queue.Queue[Any]()
    for path in ("tests.security.bugs.ask_by_mistake", "tests.security.bugs.log_and_fail"):
        about = {"id": path[-30:], "name": "bug", "func": path, "started": timezone.now()}
        tasks.put(about | {"args": (f"{story.world.site.url}/", story.secrets), "kwargs": {}})
    tasks.put("STOP")
    results = queue.Queue[Any]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Conf, "SYNC", True)  # it would close the test's connection
        patch.setattr(Conf, "MAX_RSS", None)  # the tests before took more: it would end after one
        worker(tasks, results, Value("f", -1), timeout=30)
        while not results.empty():
            done = results.get() | {"args": (), "kwargs": {}}
            assert not done["success"]
            story.tell("result of a failed task", done["result"])
            save_task(done, get_broker())
