"""Connect a client."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads.as_json import client_as_json
from downloads.connect import add_client
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError


class Command(commands.Command):
    help = "Connect a qBittorrent. One that is known by its address gets the new login."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="For example http://192.168.1.10:8080.")
        parser.add_argument("--name", type=arguments.short_text(100))
        parser.add_argument("--username", type=arguments.short_text(100))
        arguments.add_secret(parser, "password", "the password")
        arguments.add_secret(parser, "api-key", "an API key, from qBittorrent 5.2 on,")
        parser.add_argument("--category", type=arguments.short_text(100), help="tame if not given.")
        parser.add_argument("--default", action="store_true", help="Use it by default.")

    def run(self, options: Options) -> Result:
        text = {name: options[name] or "" for name in ("name", "username", "category")}
        api_key = arguments.secret(options, "api-key")
        prompt = f"Password of {text['username']}: " if text["username"] and not api_key else ""
        password = arguments.secret(options, "password", prompt)
        if text["username"] and not (password or api_key):
            raise BadInputError(
                "Give the password too: with --password-stdin, with --password-env VARIABLE, or "
                "at a terminal, where you are asked for it."
            )
        row, is_new = add_client(
            options["address"],
            **text,
            password=password,
            api_key=api_key,
            default=options["default"],
        )
        said = f"{row} is {'added' if is_new else 'known already'}: client {row.pk}."
        return Result(said, {"new": is_new, "client": client_as_json(row)})
