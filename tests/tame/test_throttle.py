"""Whoever guesses passwords has to wait longer and longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tame import throttle
from tame.throttle import Throttle

LOGIN = "/admin/login/"
RIGHT = {"username": "gaskell", "password": "cranford-1853"}
WRONG = {"username": "gaskell", "password": "not this one"}
REFUSED = "Too many failed attempts. Wait"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(throttle, "by_name", Throttle(3, clock))
    monkeypatch.setattr(throttle, "by_address", Throttle(20, clock))
    return clock


@pytest.fixture
def gaskell(db: None) -> User:
    return User.objects.create_superuser("gaskell", "", RIGHT["password"])


def attempt(
    client: Client, form: dict[str, str], address: str = "192.0.2.1", forwarded: str = ""
) -> str:
    headers: dict[str, Any] = {"REMOTE_ADDR": address}
    if forwarded:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    answer = client.post(LOGIN, form, **headers)
    return "in" if answer.status_code == 302 else answer.content.decode()


def is_refused(client: Client, form: dict[str, str], forwarded: str = "") -> bool:
    return REFUSED in attempt(client, form, forwarded=forwarded)


@pytest.mark.usefixtures("gaskell")
def test_three_mistakes_are_free(client: Client) -> None:
    assert [is_refused(client, WRONG) for _ in range(3)] == [False] * 3
    assert is_refused(client, WRONG)


@pytest.mark.usefixtures("gaskell")
def test_each_further_mistake_doubles_the_wait(client: Client, clock: Clock) -> None:
    for _ in range(3):
        attempt(client, WRONG)
    waits = []
    for _ in range(12):
        said = attempt(client, WRONG)
        seconds = int(said.split(REFUSED)[1].split()[0])
        waits.append(seconds)
        clock.now += seconds
        assert not is_refused(client, WRONG)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


@pytest.mark.usefixtures("gaskell")
def test_the_right_password_is_refused_too_until_the_wait_is_over(
    client: Client, clock: Clock
) -> None:
    for _ in range(3):
        attempt(client, WRONG)
    assert is_refused(client, RIGHT)
    clock.now += 1
    assert attempt(client, RIGHT) == "in"


@pytest.mark.usefixtures("gaskell")
def test_a_good_log_in_forgives(client: Client) -> None:
    for _ in range(4):
        attempt(client, WRONG)
        attempt(client, WRONG)
        assert attempt(client, RIGHT) == "in"
        client.logout()


@pytest.mark.usefixtures("gaskell")
def test_an_empty_password_forgives_nothing(client: Client) -> None:
    for _ in range(3):
        attempt(client, WRONG)
        attempt(client, WRONG | {"password": ""})
    assert is_refused(client, WRONG)


@pytest.mark.usefixtures("gaskell")
def test_another_spelling_of_the_name_is_the_same_name(client: Client) -> None:
    for name in ("gaskell", "Gaskell", "GASKELL"):
        attempt(client, WRONG | {"username": name})
    assert is_refused(client, WRONG)


@pytest.mark.usefixtures("gaskell")
def test_somebody_elses_mistakes_do_not_lock_one_out(client: Client) -> None:
    for _ in range(5):
        attempt(client, WRONG, address="192.0.2.66")
    assert attempt(client, RIGHT) == "in"


@pytest.mark.usefixtures("gaskell")
def test_many_names_from_one_address_are_slowed_down_too(client: Client) -> None:
    for number in range(20):
        assert not is_refused(client, WRONG | {"username": f"guess{number}"})
    assert is_refused(client, WRONG | {"username": "guess20"})


@pytest.mark.usefixtures("gaskell")
def test_an_hour_later_all_is_forgotten(client: Client, clock: Clock) -> None:
    for _ in range(3):
        attempt(client, WRONG)
    clock.now += throttle.FORGOTTEN_AFTER + 1
    attempt(client, WRONG | {"username": "verne"})
    assert [is_refused(client, WRONG) for _ in range(3)] == [False] * 3


@pytest.mark.usefixtures("gaskell")
def test_behind_our_proxy_the_visitor_is_what_the_proxy_wrote(
    client: Client, settings: object
) -> None:
    settings.IS_HTTPS = True  # type: ignore[attr-defined]
    for number in range(4):
        attempt(client, WRONG, forwarded=f"10.0.0.{number}, 192.0.2.66")
    assert is_refused(client, WRONG, forwarded="10.9.9.9, 192.0.2.66")
    assert attempt(client, RIGHT, forwarded="192.0.2.5") == "in"


@pytest.mark.usefixtures("gaskell")
def test_without_a_proxy_its_header_is_not_believed(client: Client) -> None:
    for number in range(4):
        attempt(client, WRONG, forwarded=f"192.0.2.{number}")
    assert is_refused(client, WRONG, forwarded="192.0.2.200")
