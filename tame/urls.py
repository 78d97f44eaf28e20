"""Everything is the admin; `/` leads there."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from tame import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", views.healthz),
    path("admin/", admin.site.urls),
]
