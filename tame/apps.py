"""The roof and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TameConfig(AppConfig):
    name = "tame"
    verbose_name = "TAME"


class TameAdminConfig(AdminConfig):
    default_site = "tame.site.TameAdminSite"
