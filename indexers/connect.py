"""Connect indexers: test one, add one, or add all that a Jackett or Prowlarr has."""

from __future__ import annotations

from collections.abc import Iterable
from time import sleep
from urllib.parse import urlsplit

from django.conf import settings

from indexers import torznab
from indexers.addresses import Address, read_address, read_server
from indexers.capabilities import Caps, Listed
from indexers.endpoints import categories_of, endpoint, key_of
from indexers.indexer import AUDIOBOOKS, Indexer
from tame.lib import bell
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, ServiceDownError
from tame.lib.numbers import counted

PLUMBING = {"", "api", "v1", "v2.0", "indexers", "indexer", "results", "torznab", "newznab"}


def check_indexer(indexer: Indexer) -> list[Checked]:
    """Ask for its capabilities, then for what is new in the chosen categories. A good answer ends
    its pause; a bad one does not lengthen it."""
    try:
        caps = torznab.caps(endpoint(indexer), timeout=settings.INDEXER_TIMEOUT)
        checks = [about_caps(indexer, caps), *about_members(indexer)]
        keep_caps(indexer, caps)
        checks.append(about_newest(indexer))
    except ServiceDownError as error:
        indexer.note_failed_test(error)
        return [Checked(False, str(error))]
    indexer.note_success()
    return checks


def about_caps(indexer: Indexer, caps: Caps) -> Checked:
    if "search" not in caps.modes:
        return Checked(False, f"{indexer.name} answers, but it offers no search.")
    unknown = [c for c in indexer.categories if caps.categories and c not in caps.categories]
    if unknown:
        known = ", ".join(f"{number} {name}" for number, name in list(caps.categories.items())[:12])
        return Checked(
            False,
            f"{indexer.name} answers, but does not know the category "
            f"{', '.join(map(str, unknown))}. It has: {known}.",
        )
    return Checked(True, f"{indexer.name} answers and can be searched.")


def about_members(indexer: Indexer) -> list[Checked]:
    """One address for several indexers hides which of them failed."""
    try:
        is_aggregate = read_address(indexer.address).is_aggregate
    except BadInputError:
        return []
    if not is_aggregate:
        return []
    return [
        Checked(
            False,
            f"{indexer.name} stands for several indexers at once: when one of them fails or is "
            "slow, nothing says so. Add all of them one by one instead, and switch this one off.",
        )
    ]


def keep_caps(indexer: Indexer, caps: Caps) -> None:
    known = {str(number): name for number, name in caps.categories.items()}
    indexer.caps = {"categories": known}
    Indexer.objects.filter(pk=indexer.pk).update(caps=indexer.caps)


def wait_for_turn(indexer: Indexer) -> None:
    while wait := indexer.take_turn():
        sleep(wait.total_seconds())


def about_newest(indexer: Indexer) -> Checked:
    wait_for_turn(indexer)
    found = torznab.search(
        endpoint(indexer), "", categories_of(indexer), timeout=settings.INDEXER_TIMEOUT
    )
    if not found:
        return Checked(
            False,
            f"{indexer.name} lists nothing new in the chosen categories. Searches may still find "
            "something; widen the categories if they do not.",
        )
    listed = counted(len(found), "release")
    return Checked(True, f"{indexer.name} lists {listed}, such as “{found[0].title}”.")


def add_indexer(pasted: str, *, key: str = "", name: str = "") -> tuple[Indexer, bool]:
    """The indexer at a pasted address, and whether it is new; a known one gets the new key."""
    address = read_address(pasted)
    key = key or address.key
    row = Indexer.objects.filter(address=address.url).first()
    if row is not None:
        if key and row.from_environment:
            raise BadInputError(
                f"{row.name} is declared by the environment: change INDEXER_KEY there."
            )
        if key:
            renew_key(row, key)
        return row, False
    return Indexer.objects.create(
        name=name or name_of(address), address=address.url, kind=address.kind, key=key
    ), True


def renew_key(row: Indexer, key: str) -> None:
    row.key = key
    row.save(update_fields=["key"])
    row.reset()
    bell.ring("indexers.tasks.search")


def name_of(address: Address) -> str:
    """A name to begin with: the part of the address that names the indexer, else its host."""
    parts = urlsplit(address.url)
    inner = [part for part in parts.path.split("/") if part not in PLUMBING]
    return inner[-1] if inner else parts.hostname or address.url


def list_indexers(base: str, key: str) -> tuple[Listed, ...]:
    """What the Jackett or Prowlarr at that address has configured."""
    if not base.strip():
        raise BadInputError("Give the address of your Jackett or Prowlarr.")
    return torznab.list_indexers(base, key, timeout=settings.INDEXER_TIMEOUT)


def known_key(base: str) -> str:
    """The key that is stored with the indexers of that Jackett or Prowlarr, if there are any."""
    server = read_server(base)
    known = Indexer.objects.filter(address__startswith=f"{server}/").order_by("-pk")
    return next((key for row in known if (key := key_of(row))), "")


def add_listed(chosen: Iterable[Listed], key: str) -> tuple[int, int]:
    """Add the chosen ones; how many were new and how many known. A known one keeps its name,
    limits and switch and gets the key."""
    new = known = 0
    for listed in chosen:
        row, created = Indexer.objects.get_or_create(
            address=listed.url,
            defaults={
                "name": listed.name,
                "kind": read_address(listed.url).kind,
                "key": key,
                "privacy": listed.kind,
                "language": listed.language,
                "categories": sensible_categories(listed),
                "priority": listed.priority,
            },
        )
        if not (created or row.from_environment):
            renew_key(row, key)
        new, known = new + created, known + (not created)
    return new, known


def sensible_categories(listed: Listed) -> list[int]:
    """Audiobooks, or all of audio where the indexer files them elsewhere."""
    if not listed.categories or AUDIOBOOKS in listed.categories:
        return [AUDIOBOOKS]
    return [number for number in listed.categories if 3000 <= number < 4000] or [AUDIOBOOKS]
