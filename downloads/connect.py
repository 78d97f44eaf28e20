"""Connect clients: add one, and say where its folders are here."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from django.db import transaction

from downloads.clients import credentials_changed, make_default
from downloads.models import Client, ClientPath
from downloads.orders import WHOLE_PATH, check_category
from tame.lib.errors import BadInputError


def add_client(
    pasted: str,
    *,
    name: str = "",
    username: str = "",
    password: str = "",
    api_key: str = "",
    category: str = "",
    default: bool = False,
) -> tuple[Client, bool]:
    """The client at that address, and whether it is new; a known one gets what was given. The
    first one is the default. Raises BadInputError."""
    address = read_client_address(pasted)
    given = {"username": username, "password": password, "api_key": api_key, "category": category}
    given = {column: value for column, value in given.items() if value}
    if category:
        check_category(name or "qBittorrent", category)
    with transaction.atomic():
        row = Client.objects.filter(address=address).first()
        is_new = row is None
        if row is None:
            row = Client.objects.create(name=free_name(name, address), address=address, **given)
        else:
            update_client(row, given)
        if default or not Client.objects.filter(default=True).exists():
            make_default(row)
    row.refresh_from_db()
    return row, is_new


def update_client(row: Client, given: dict[str, str]) -> None:
    if row.from_environment and given.keys() - {"category"}:
        raise BadInputError(
            f"The login of {row} is set in the environment: change QB_USERNAME, QB_PASSWORD or "
            "QB_API_KEY there."
        )
    given = other_way_in(given) | given
    for column, value in given.items():
        setattr(row, column, value)
    row.save(update_fields=list(given))
    credentials_changed(row)


def other_way_in(given: dict[str, str]) -> dict[str, str]:
    """What a new password or key takes the place of: an old key would go before the password."""
    ways = ("password", "api_key")
    return dict.fromkeys(ways, "") if len(given.keys() & set(ways)) == 1 else {}


def free_name(name: str, address: str) -> str:
    """The name, which must not be taken, else one that tells clients apart."""
    taken = set(Client.objects.values_list("name", flat=True))
    if name in taken:
        raise BadInputError(
            f"Another client is called “{name}” already. Give this one another name."
        )
    own = f"qBittorrent at {urlsplit(address).netloc}"[:100]
    return name or ("qBittorrent" if "qBittorrent" not in taken else own)


def read_client_address(pasted: str) -> str:
    """As people type it: a missing http:// is added."""
    text = pasted.strip()
    text = (text if "://" in text else f"http://{text}").rstrip("/")
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or len(text) > 500 or len(text.split()) != 1:
        raise BadInputError(
            "Write the address as you open qBittorrent in the browser, for example "
            "http://192.168.1.10:8080."
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise BadInputError("Leave user, password and ?… out of the address.")
    return text


def add_path_mapping(client: Client, theirs: str, ours: str) -> tuple[ClientPath, bool]:
    """What the client calls `theirs` is `ours` here; a known folder is mapped anew."""
    for path, whose in ((theirs, f"{client}'s machine"), (ours, "this machine")):
        if len(path) > 1000 or not WHOLE_PATH.match(path):
            raise BadInputError(f"“{path}” is no whole path: write it from the root of {whose}.")
    if not Path(ours).is_absolute():
        raise BadInputError(f"“{ours}” is no whole path: write it from the root of this machine.")
    return ClientPath.objects.update_or_create(
        client=client, client_prefix=tidied(theirs), defaults={"our_prefix": tidied(ours)}
    )


def tidied(path: str) -> str:
    """Without a slash at the end, in the style of its machine."""
    is_windows = "\\" in path or path[1:2] == ":"
    return str(PureWindowsPath(path) if is_windows else PurePosixPath(path))
