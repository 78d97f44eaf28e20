"""A qBittorrent of our own: only for who asked, on loopback until a network is chosen."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from downloads.models import Client
from tame import local_qbittorrent
from tame.children import Child, Program
from tame.lib.errors import BadInputError, LocalError
from tame.models import LocalClient
from tame.supervisor import Supervisor
from tests.fakes.loopback import free_port
from tests.live.servers import servers_found
from tests.tame.running import Running

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with the program and one network interface."""
    program = tmp_path / "qbittorrent-nox"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(1, "lo"), (2, "wg0")])
    monkeypatch.setattr(local_qbittorrent, "CONFIG", tmp_path / "config" / "qBittorrent.conf")


def lines() -> list[str]:
    return local_qbittorrent.CONFIG.read_text().splitlines()


def test_nothing_is_wanted_before_somebody_asks() -> None:
    assert not LocalClient.objects.exists()


def test_it_is_a_client_like_any_other(here: None) -> None:
    local_qbittorrent.want()
    client = Client.objects.get()
    assert client.default
    assert client.address.startswith("http://127.0.0.1:")
    assert client.password
    assert client.password not in LocalClient.objects.get().password_hash


def test_until_answered_it_is_on_loopback_only(here: None) -> None:
    local_qbittorrent.configure(local_qbittorrent.want())
    assert r"Session\Interface=lo" in lines()
    assert r"Session\InterfaceAddress=127.0.0.1" in lines()
    assert r"Session\DHTEnabled=false" in lines()
    assert r"WebUI\Address=127.0.0.1" in lines()


def test_another_network_changes_only_the_binding(here: None, settings: Any) -> None:
    local_qbittorrent.configure(local_qbittorrent.want())
    text = local_qbittorrent.CONFIG.read_text()
    local_qbittorrent.CONFIG.write_text(text.replace("Locale=en", "Locale=fr"))
    local_qbittorrent.configure(local_qbittorrent.want("wg0"))
    assert r"Session\Interface=wg0" in lines()
    assert r"Session\Interface=lo" not in lines()
    assert r"Session\DHTEnabled=true" in lines()
    assert r"General\Locale=fr" in lines()
    assert Client.objects.count() == 1


def test_an_unknown_interface_is_named(here: None) -> None:
    with pytest.raises(BadInputError, match="no interface “tun9”; it has: wg0"):
        local_qbittorrent.want("tun9")
    assert not Client.objects.exists()


def test_without_the_program_the_sentence_says_how_to_get_it(
    here: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    settings.BASE_DIR = tmp_path
    with pytest.raises(LocalError, match="sudo apt install qbittorrent-nox"):
        local_qbittorrent.want()
    assert not LocalClient.objects.exists()


def test_the_page_asks_for_the_interface(here: None, admin_client: Visitor) -> None:
    page = admin_client.get(reverse("admin:run_here"))
    assert b"this machine's own address" in page.content
    assert b"wg0" in page.content
    admin_client.post(reverse("admin:run_here"), {"interface": "wg0"})
    assert LocalClient.objects.get().interface == "wg0"


def test_it_is_asked_for_its_network_until_it_has_one(here: None, admin_client: Visitor) -> None:
    client = local_qbittorrent.want().client
    Client.objects.update(last_ok_at=timezone.now())
    own = reverse("admin:downloads_client_change", args=[client.pk]) if client else ""
    question, where = "may qBittorrent here exchange data?", reverse("admin:run_here")
    first = admin_client.get("/admin/").content.decode()
    assert question in first
    assert where in first
    page = admin_client.get(own).content.decode()
    assert "It is on loopback only" in page
    assert where in page
    pressed(admin_client, interface="wg0")
    assert question not in admin_client.get("/admin/").content.decode()
    page = admin_client.get(own).content.decode()
    assert "TAME runs it, on wg0." in page
    assert where in page
    pressed(admin_client, stop="yes")
    assert "is stopped." in admin_client.get(own).content.decode()


def test_the_page_says_what_is_wrong(here: None, admin_client: Visitor) -> None:
    page = admin_client.post(reverse("admin:run_here"), {"interface": "tun9"}, follow=True)
    assert "no interface “tun9”" in page.content.decode()


def test_the_page_stops_it_and_runs_it_again(here: None, admin_client: Visitor) -> None:
    url = reverse("admin:run_here")
    assert b"Stop it" not in admin_client.get(url).content
    assert "No qBittorrent runs here" in pressed(admin_client, stop="yes")
    pressed(admin_client, interface="lo")
    assert "Its files stay" in pressed(admin_client, stop="yes")
    assert not LocalClient.objects.get().wanted
    assert not Client.objects.get().enabled
    pressed(admin_client, interface="wg0")
    assert LocalClient.objects.get().wanted
    assert Client.objects.get().enabled


def pressed(visitor: Visitor, **given: str) -> str:
    return visitor.post(reverse("admin:run_here"), given, follow=True).content.decode()


class Sleeper(Supervisor):
    """A supervisor whose qBittorrent only sleeps."""

    def add(self, program: Program) -> Child:
        return super().add(Program(program.name, lambda: time.sleep(60), 5, vital=False))


@pytest.mark.django_db(transaction=True)
def test_the_supervisor_follows_the_persons_wish(here: None, tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Sleeper(note=tmp_path / "note", first_wait=0.1, tell=said.append)
    watcher = local_qbittorrent.Watcher(supervisor, said.append)
    for wish in (local_qbittorrent.want, local_qbittorrent.stop, local_qbittorrent.want):
        wish()
        watcher.next_look = 0
        watcher.look()
        [child] = supervisor.children
        is_wanted = wish is local_qbittorrent.want
        assert follows(child, is_wanted)
    child.stop(0)
    assert follows(child, False)


def follows(child: Child, is_wanted: bool) -> bool:
    """Within five seconds."""
    give_up = time.monotonic() + 5
    while (child.life is not None) != is_wanted and time.monotonic() < give_up:
        child.turn()
        time.sleep(0.05)
    return (child.life is not None) == is_wanted


def command_line(process: psutil.Process) -> str:
    """Empty where it ended meanwhile."""
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


@pytest.mark.wide
@pytest.mark.live
@pytest.mark.skipif(not servers_found(), reason="needs a real qBittorrent")
def test_the_supervisor_runs_it_and_leaves_nothing(tmp_path: Path) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "tame.settings",
        "ENV_FILE": os.devnull,
        "TAME_DATA": str(tmp_path / "data"),
        "TAME_PORT": str(free_port()),
        "TAME_WITH_QBITTORRENT": "yes",
    }
    command = [sys.executable, "manage.py", "quickstart"]
    with Running(command, tmp_path / "log", environment) as tame:
        tame.wait_for("qbittorrent runs on loopback only", 40)
        tame.wait_for("TAME is at", 40)
        assert any("--profile=" in line for line in map(command_line, tame.below()))
        assert tame.end() == 0
        assert not tame.left()
