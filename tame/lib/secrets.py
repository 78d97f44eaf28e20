"""Columns that the database sees only as ciphertext."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from tame.lib.errors import LocalError

MARK = "fernet:"


@lru_cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    raw = hashlib.scrypt(key.encode(), salt=b"tame.fields.v1", n=2**14, r=8, p=1, dklen=32)
    return base64.urlsafe_b64encode(raw)


def box() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> str:
    return MARK + box().encrypt(text.encode()).decode() if text else text


def unseal(stored: str) -> str:
    """The text again; `LocalError` when it was sealed with a key we no longer have."""
    if not stored.startswith(MARK):
        return stored
    try:
        return box().decrypt(stored.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise LocalError(
            "A stored secret cannot be read: TAME's secret key has changed. "
            "Put the old key into SECRET_KEY_FALLBACKS, or enter the secret again."
        ) from error


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text sealed at rest. Not searchable; an unreadable value is an error, never an empty one."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if isinstance(value, str) else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return unseal(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
