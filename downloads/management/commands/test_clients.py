"""Test clients."""

from __future__ import annotations

from downloads.diagnose import check_client
from downloads.management.chosen import ClientsCommand, clients_named
from tame.lib.commands import Options, Result
from tame.lib.each import check_each


class Command(ClientsCommand):
    help = (
        "Log in to clients and look at version, folder, space and network; their category is made "
        "if it is missing. A good answer ends a pause."
    )

    def run(self, options: Options) -> Result:
        rows = clients_named(options["clients"])
        return check_each("client", rows, check_client, self.progress(len(rows)))
