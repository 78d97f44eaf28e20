"""The admin site. Registers no models: a registration made here would be lost without a word."""

from django.contrib.admin import AdminSite


class TameAdminSite(AdminSite):
    site_header = site_title = "TAME"
    index_title = "Your audiobooks"
