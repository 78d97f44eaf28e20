"""What a person waits for after a click, with the real pace of everything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from downloads.grab import add_torrent
from downloads.models import Download
from tests.cluster.conftest import Clusters, Library, connected
from tests.factory import make_book
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import browser, button_of

TITLES = ("Cranford", "North and South", "Ruth")


def queued(title: str, library: Library, settings: Any) -> Download:
    """Without a bell: the click is all there is."""
    settings.BELLS = False
    download = add_torrent(make_book(title), library.torrent(title), actor="ann")
    settings.BELLS = True
    return download


def waited(clusters: Clusters, download: Download) -> timedelta:
    page, clicked_at = browser(), timezone.now()
    assert page.post(button_of(download, "push")).status_code == 302
    row = Download.objects.filter(pk=download.pk, confirmed_at__isnull=False)
    clusters.until(row.exists, 20, scheduled=False)
    confirmed_at = row.get().confirmed_at
    assert confirmed_at is not None
    return confirmed_at - clicked_at


def test_a_click_on_push_is_confirmed_within_a_second(
    clusters: Clusters, library: Library, fake: FakeQBittorrent, settings: Any
) -> None:
    """The best of three: the machine may be busy with something else."""
    connected(fake)
    settings.HURRY = 1
    clusters.queue |= {"poll": settings.Q_CLUSTER["poll"]}
    clusters.start()
    found = [waited(clusters, queued(title, library, settings)) for title in TITLES]
    assert min(found) < timedelta(seconds=1)
