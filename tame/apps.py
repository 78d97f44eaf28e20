"""The roof and its admin site."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import import_string

from tame.lib.redact import redact


class TameConfig(AppConfig):
    name = "tame"
    verbose_name = "TAME"

    def ready(self) -> None:
        # By its name: it imports the queue's models, which are there only now.
        import_string("django_q.signals.post_execute_in_worker").connect(redact_result)


class TameAdminConfig(AdminConfig):
    default_site = "tame.site.TameAdminSite"


def redact_result(task: dict[str, Any], **_: object) -> None:
    """What is stored of a failed task is its traceback, which quotes addresses with their keys."""
    if isinstance(task.get("result"), str):
        task["result"] = redact(task["result"])
