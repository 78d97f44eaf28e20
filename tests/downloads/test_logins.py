"""Which login a refusal is about, and when it ends."""

from __future__ import annotations

import pytest

from downloads.clients import RowGate, credentials_changed, login_of, talking_to
from downloads.models import Client
from tame.lib.errors import LoginRefusedError
from tests.factory import make_client
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db
REFUSED = "seedbox refused the password: enter it again."


def row_for(fake: FakeQBittorrent, name: str, **columns: str) -> Client:
    given = {"username": fake.username, "password": fake.password} | columns
    return make_client(name, fake.url, default=name == "seedbox", **given)


@pytest.fixture
def row(fake: FakeQBittorrent) -> Client:
    return row_for(fake, "seedbox")


def again(row: Client) -> Client:
    return Client.objects.get(pk=row.pk)


def version(row: Client) -> str:
    with talking_to(row) as client:
        return client.version()


def refuse(row: Client) -> None:
    """Another process was refused."""
    RowGate(row).refused(login_of(row).digest(), REFUSED)


def test_another_login_at_the_same_address_goes_on(fake: FakeQBittorrent, row: Client) -> None:
    old = row_for(fake, "attic", password="a password of old")
    with pytest.raises(LoginRefusedError, match="attic refused"):
        version(old)
    assert version(row)
    assert again(row).is_usable
    assert not again(old).is_usable


def test_an_open_session_does_not_lift_a_refusal(fake: FakeQBittorrent, row: Client) -> None:
    """It goes on after the password was changed, and proves nothing about the old one."""
    assert version(row)
    refuse(row)
    assert version(row), "it read its row before"
    assert version(again(row))
    assert (again(row).is_usable, again(row).last_error) == (False, REFUSED)


def test_a_login_that_is_saved_again_is_tried_for_each_row_that_has_it(
    fake: FakeQBittorrent, row: Client
) -> None:
    """Somebody set the old password again in qBittorrent."""
    twin = row_for(fake, "twin")
    refuse(row)
    with pytest.raises(LoginRefusedError, match=f"twin has the same address .* {REFUSED}"):
        version(twin)
    assert not fake.asked("auth/login")
    credentials_changed(twin)
    assert version(row)
    assert version(twin)
    assert len(fake.asked("auth/login")) == 2
    assert all(row.is_usable for row in Client.objects.all())
