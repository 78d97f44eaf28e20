"""What the supervisor runs: the web server and the task cluster."""

from __future__ import annotations

import gc
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules
from django_q import monitor, pusher, scheduler, worker
from django_q.models import OrmQ
from gunicorn.app.base import BaseApplication
from gunicorn.workers import gthread

from tame import canary, cluster
from tame.children import Program
from tame.runners import note_beat

WARM_ROUNDS = (
    10  # Python rewrites code in place as it gets warm, and a rewritten page is not shared
)
IMPORTED_FOR_THE_CHILDREN = (gthread, monitor, pusher, scheduler, worker)


def web() -> Program:
    return Program("web", serve, settings.WEB_GRACE_SECONDS)


def tasks() -> Program:
    return Program("tasks", cluster.work, settings.TASKS_GRACE_SECONDS)


def serve() -> None:
    _WebServer().run()


class _WebServer(BaseApplication):  # type: ignore[misc]
    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{settings.BIND}:{settings.PORT}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": 8,
            "timeout": 60,
            "graceful_timeout": settings.WEB_GRACE_SECONDS - 2,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


def warm() -> None:
    """Load and use once, before the forks, what every child will use: the pages stay shared."""
    autodiscover_modules("tasks")
    _ = get_resolver().url_patterns
    for _ in range(WARM_ROUNDS):
        with transaction.atomic():
            note_beat()
            canary.send()
            list(OrmQ.objects.all()[:1])
            transaction.set_rollback(True)
    connection.close()  # a connection does not survive a fork
    gc.collect()
    gc.freeze()  # so that no child's garbage collector writes to them
