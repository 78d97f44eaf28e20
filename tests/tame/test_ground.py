"""Leases, sealed columns, redaction, many-row writes: what everything else stands on."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.utils import timezone

from downloads.models import Client, Download
from tame.lib import data_folder, secrets
from tame.lib.backoff import PAUSE_MINUTES, hurried, retry_time, step
from tame.lib.errors import LocalError, LoginRefusedError, LostRaceError, ServiceDownError
from tame.lib.lease import claim, give_back, renew
from tame.lib.many_rows import update_rows
from tame.lib.redact import RedactFilter, redact
from tests.factory import make_client, make_download


@pytest.mark.django_db
class TestLease:
    def test_one_worker_holds_a_row(self) -> None:
        download = make_download()
        assert claim(Download.objects.all(), download.pk)
        assert claim(Download.objects.all(), download.pk) is None

    def test_an_expired_lease_is_free(self) -> None:
        download = make_download(leased_until=timezone.now() - timedelta(seconds=1))
        assert claim(Download.objects.all(), download.pk)

    def test_attempts_rise_at_the_claim_and_are_given_back(self) -> None:
        download = make_download()
        token = claim(Download.objects.all(), download.pk)
        assert token
        assert Download.objects.get().attempts == 1
        give_back(download, token, last_error="seedbox is down.")
        row = Download.objects.get()
        assert (row.attempts, row.leased_until, row.last_error) == (0, None, "seedbox is down.")

    def test_a_stale_worker_can_neither_renew_nor_give_back(self) -> None:
        download = make_download(leased_by="somebody else", attempts=2)
        with pytest.raises(LostRaceError):
            renew(download, "stale")
        give_back(download, "stale")
        assert Download.objects.get().attempts == 2

    def test_crash_in_any_state_recovers(self) -> None:
        """No state is left only by the worker that died in it: the lease runs out."""
        download = make_download()
        claim(Download.objects.all(), download.pk)
        Download.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        assert claim(Download.objects.all(), download.pk)


@pytest.mark.django_db
class TestSealed:
    def stored(self, client: Client) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT password FROM downloads_client WHERE id = %s", [client.pk])
            return str(cursor.fetchone()[0])

    def test_the_database_sees_only_ciphertext(self) -> None:
        client = make_client(password="rose garden")
        assert "rose" not in self.stored(client)
        assert Client.objects.get().password == "rose garden"

    def test_a_key_is_rotated_through_the_fallbacks(self, settings: Any) -> None:
        make_client(password="rose garden")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-" + "y" * 50
        assert Client.objects.get().password == "rose garden"

    def test_an_unreadable_secret_is_an_error_and_never_empty(self, settings: Any) -> None:
        make_client()
        settings.SECRET_KEY = "another-" + "y" * 50
        with pytest.raises(LocalError, match="SECRET_KEY_FALLBACKS"):
            Client.objects.get()

    def test_a_sealed_column_cannot_be_searched(self) -> None:
        with pytest.raises(FieldError):
            Client.objects.filter(password="rose garden").exists()

    def test_nothing_stays_nothing(self) -> None:
        assert secrets.seal("") == ""


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GET http://jackett:9117/dl/pd/?jackett_apikey=SECRET&file=a", "SECRET"),
        ("http://h/api?t=caps&apikey=SECRET", "SECRET"),
        ("http://ann:SECRET@tracker.example/", "SECRET"),
        ("http://tracker.example/SECRETPASSKEY/announce", "SECRETPASSKEY"),
        ("udp://tracker.example:80/announce?passkey=SECRET", "SECRET"),
        ("magnet:?xt=urn:btih:abc&tr=http%3A%2F%2Ft%2FSECRET%2Fannounce", "SECRET"),
        ("Cookie: uid=1; pass=SECRET", "SECRET"),
        ("Authorization: Bearer SECRET", "SECRET"),
        ("Location: http://h/login?ReturnUrl=%2Fapi&apikey=SECRET", "SECRET"),
        ("/rss/5f4dcc3b5aa765d61d8327deb882cf99/feed", "5f4dcc3b5aa765d61d8327deb882cf99"),
    ],
)
def test_what_looks_like_a_secret_is_redacted(text: str, hidden: str) -> None:
    assert hidden not in redact(text)


def test_known_secrets_go_in_every_spelling() -> None:
    said = redact("it said a b/c and a+b%2Fc and a%20b%2Fc", ["a b/c"])
    assert said == "it said … and … and …"


def test_the_sentence_around_a_secret_stays() -> None:
    assert redact("The indexer answered 502.") == "The indexer answered 502."
    assert "urn:btih:abc" in redact("magnet:?xt=urn:btih:abc&dn=x&tr=http://t/k/announce")


def test_every_log_line_is_redacted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RedactFilter())
    logging.getLogger("tame").warning("asked %s", "http://h/?apikey=SECRET")
    assert "SECRET" not in caplog.text
    assert "asked http://h/?apikey=" in caplog.text


@pytest.mark.django_db
class TestManyRows:
    def test_each_row_gets_its_own_values(self) -> None:
        one, two = make_download(title="Ruth"), make_download(title="Cranford")
        now = timezone.now()
        rows: dict[int, dict[str, Any]] = {
            one.pk: {"progress": 0.5, "eta": None, "last_progress_at": now, "warning": "“a'b”"},
            two.pk: {"progress": 1.0, "eta": 7, "last_progress_at": None, "warning": ""},
        }
        assert update_rows(Download, ["progress", "eta", "last_progress_at", "warning"], rows) == 2
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.progress, one.eta, one.last_progress_at, one.warning) == (
            0.5, None, now, "“a'b”",
        )  # fmt: skip
        assert (two.progress, two.eta, two.last_progress_at, two.warning) == (1.0, 7, None, "")

    def test_it_is_one_statement(self, django_assert_num_queries: Any) -> None:
        rows = {make_download(title=str(n)).pk: {"speed": n} for n in range(30)}
        with django_assert_num_queries(1):
            assert update_rows(Download, ["speed"], rows) == 30

    def test_nothing_to_write_asks_nothing(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert update_rows(Download, ["speed"], {}) == 0


def test_services_are_asked_gently_from_the_first_day(settings: Any) -> None:
    """A query every two seconds, fifty books a pass, five unfinished downloads in a client."""
    assert (settings.QUERY_SECONDS, settings.BOOKS_PER_PASS) == (2, 50)
    assert Client().unfinished_limit == 5


@pytest.mark.django_db
class TestPause:
    def test_the_steps_are_1_5_15_30_60_minutes(self, settings: Any) -> None:
        settings.HURRY = 1
        waits = [step(PAUSE_MINUTES, n) for n in range(1, 8)]
        assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 30, 60, 60, 60]

    @pytest.mark.parametrize(("asked", "waits"), [(600, 600), (10, 60)])
    def test_a_service_that_asks_for_less_gets_the_step(
        self, asked: float, waits: float, settings: Any
    ) -> None:
        settings.HURRY = 1
        client = make_client()
        client.note_failure(ServiceDownError("Too many.", retry_after=asked))
        assert client.off_until is not None
        left = (client.off_until - timezone.now()).total_seconds()
        assert waits - 5 < left <= waits

    def test_a_pause_survives_a_restart(self) -> None:
        make_client().note_failure(ServiceDownError("seedbox does not answer."))
        client = Client.objects.get()
        assert client.is_off
        assert client.last_error == "seedbox does not answer."

    def test_a_refused_login_has_no_end(self) -> None:
        client = make_client()
        client.note_failure(LoginRefusedError("seedbox refused the password."))
        assert client.off_until is None
        assert client.failures == 1

    def test_a_success_clears_it(self) -> None:
        client = make_client()
        client.note_failure(ServiceDownError("down"))
        client.note_success()
        client = Client.objects.get()
        assert (client.failures, client.off_until, client.last_error) == (0, None, "")

    @pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
    def test_retry_times_are_utc(self, zone: str, settings: Any) -> None:
        settings.TIME_ZONE, settings.HURRY = zone, 1
        due = retry_time(1)
        assert due.tzinfo is not None
        assert timedelta(seconds=59) < due - timezone.now() < timedelta(seconds=67)

    def test_every_wait_is_divided(self, settings: Any) -> None:
        settings.HURRY = 20
        assert hurried(60) == timedelta(seconds=3)


def test_the_data_folder_is_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    folder = data_folder.made("kept/here", below=tmp_path)
    assert folder == tmp_path / "kept" / "here"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert data_folder.made(str(tmp_path / "there"), below=tmp_path) == tmp_path / "there"
