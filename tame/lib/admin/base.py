"""The admin class that every page of ours begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from tame.lib.admin.asking import ask, too_many
from tame.lib.admin.paginator import CappedPaginator
from tame.lib.admin.pressed import get_or_post, led_back
from tame.lib.admin.secret import columns_of
from tame.lib.admin.shown import ShownForm
from tame.lib.admin.verbs import Verb, tell_many, tell_one
from tame.lib.errors import TameError


@dataclass(frozen=True)
class Button:
    label: str
    url: str


class BaseAdmin(admin.ModelAdmin):
    """`verbs` become buttons of a row's page and actions of the list, each with its permission.
    `secrets` are sealed columns, never loaded with a row: one that cannot be read breaks no page.
    `with_a_writer`: columns that a form shows and a function of their own writes.
    `nothing_yet`: what an empty list says, and how something comes into it.
    `add_fieldsets`: of a new row, where it is asked for less; without the rows below it.
    `owned`: fields that the environment writes, of a row that it declares.
    """

    verbs: ClassVar[Sequence[Verb]] = ()
    secrets: ClassVar[Sequence[str]] = ()
    with_a_writer: ClassVar[Sequence[str]] = ()
    nothing_yet: ClassVar[str] = "Nothing is here yet."
    add_fieldsets: ClassVar[Sequence[Any]] = ()
    owned: ClassVar[Sequence[str]] = ()
    form = ShownForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.actions = [action_of(verb) for verb in cls.verbs if verb.in_list]
        for verb in cls.verbs:
            setattr(cls, f"has_{verb.codename}_permission", may(verb.permission))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.secrets)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_new = obj is None and self.add_fieldsets
        return self.add_fieldsets if is_new else super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        is_new = obj is None and self.add_fieldsets
        return [] if is_new else super().get_inlines(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        owned = self.owned if is_declared(obj) else ()
        return [*super().get_readonly_fields(request, obj), *owned]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_declared(obj) and super().has_delete_permission(request, obj)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        own = {"title": title, "nothing_yet": self.nothing_yet}
        return super().changelist_view(request, own | (extra_context or {}))

    # --- Verbs --------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        if not self.verbs:
            return super().get_urls()
        do = self.admin_site.admin_view(self.do_view)
        return [
            path("<int:pk>/do/<slug:name>/", do, name=self.url_name("do")),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What deletes comes last, not first."""
        actions = dict(super().get_actions(request))
        last = {name: actions.pop(name) for name in ("delete_selected",) if name in actions}
        return actions | last

    def url_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def url_of(self, row: Model) -> str:
        """Where a person sees the row again."""
        return reverse(f"admin:{self.url_name('change')}", args=[row.pk])

    def may_do(self, request: HttpRequest, verb: Verb, row: Any = None) -> bool:
        allowed: Callable[..., bool] = getattr(self, f"has_{verb.codename}_permission")
        return allowed(request, row)

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        """What can be done with the row in its state, by this person."""
        name = f"admin:{self.url_name('do')}"
        return [
            Button(label, reverse(name, args=[row.pk, verb.name]))
            for verb in self.verbs
            if verb.fits(row) and self.may_do(request, verb, row) and (label := verb.button(row))
        ]

    @get_or_post
    def do_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """One verb, one row. Reloaded or gone back to, it does nothing and says so."""
        verb = next((verb for verb in self.verbs if verb.name == name), None)
        rows = self.get_queryset(request).filter(pk=pk)
        row = rows.first()
        if verb is None or row is None:
            raise Http404
        if not self.may_do(request, verb, row):
            raise PermissionDenied
        if request.method == "GET":
            return led_back(request, self.url_of(row))
        asked = ask(self, request, verb, rows, total=1, back=self.url_of(row))
        if isinstance(asked, HttpResponse):
            return asked
        try:
            said = tell_one(verb, row, request.user.get_username(), asked)
            self.log_change(request, row, f"{verb.label}.")
        except TameError as error:
            said = [(messages.ERROR, str(error))]
        for level, sentence in said:
            self.message_user(request, sentence, level)
        return redirect(self.url_of(row))

    def do_with_many(self, request: HttpRequest, verb: Verb, rows: QuerySet[Any]) -> Any:
        """The list's action: None leads back to the list with its filters."""
        total = rows.count()
        if too_many(self, request, total):
            return None
        asked = ask(self, request, verb, rows, total=total, back=request.get_full_path())
        if isinstance(asked, HttpResponse):
            return asked
        outcome = tell_many(verb, list(rows), request.user.get_username(), asked)
        if outcome.done:
            log_many(request, outcome.done, f"{verb.label}.")
        self.message_user(request, outcome.sentence, outcome.level)
        return None

    # --- Saving -------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write only what the form changed: a task may have moved the row meanwhile."""
        if not change:
            obj.save()
        elif columns := [name for name in columns_of(form) if name not in self.with_a_writer]:
            obj.save(update_fields=columns)

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to the page of the new row: it says what to do next."""
        if IS_POPUP_VAR in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, f"{obj} was added.", messages.SUCCESS)
        return redirect(self.url_of(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Where something is protected that is the reason, not a permission that nobody has. What
        only TAME writes goes with its row, and is counted."""
        gone, counts, lacking, protected = super().get_deleted_objects(objs, request)
        protected = [*protected, *declared(objs)]
        lacking -= {str(kind._meta.verbose_name) for kind in self.written_by_tame()}
        return gone, counts, set() if protected else lacking, protected

    def written_by_tame(self) -> list[type[Model]]:
        rooms = self.admin_site._registry.items()
        return [kind for kind, room in rooms if isinstance(room, ReadOnlyAdmin)]

    # --- Pages --------------------------------------------------------------------------------

    def the_row(self, request: HttpRequest, pk: int) -> Any:
        """Raises 404, or 403 for whoever may not see it."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        return row

    def page(self, request: HttpRequest, template: str, title: str, **shown: Any) -> HttpResponse:
        """A page of our own inside the admin. `form`, where one is shown, brings its media."""
        form = shown.get("form")
        common = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media + form.media if form else self.media,
        }
        return TemplateResponse(request, template, common | shown)

    def told(self, request: HttpRequest, row: Model, sentence: str) -> HttpResponse:
        """It was done: the row's history has it, the person reads it on the row's page."""
        self.log_change(request, row, sentence)
        self.message_user(request, sentence, messages.SUCCESS)
        return redirect(self.url_of(row))

    def refused(self, request: HttpRequest, row: Model, error: TameError) -> HttpResponse:
        """Nothing was done: the row's page says why."""
        self.message_user(request, str(error), messages.ERROR)
        return redirect(self.url_of(row))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (row := context.get("original")) is not None:
            context |= {"buttons": self.buttons(request, row)} | self.panels(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def panels(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the row's template shows beside the form."""
        return {}


class ReadOnlyAdmin(BaseAdmin):
    """Rows that only TAME writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def need(request: HttpRequest, *permissions: str) -> None:
    """Raises PermissionDenied for whoever lacks one of them."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def is_declared(row: Any) -> bool:
    """By the environment: it would come back at the next start."""
    return bool(getattr(row, "from_environment", False))


def declared(rows: Iterable[Any]) -> list[str]:
    found = [row for row in rows if is_declared(row)]
    return [f"{row}, which variables in the environment declare" for row in found]


def log_many(request: HttpRequest, rows: Iterable[Model], message: str, flag: int = CHANGE) -> None:
    """One entry in the admin's history for each of the rows."""
    person = cast(int, request.user.pk)
    LogEntry.objects.log_actions(person, cast("QuerySet[Model]", rows), flag, message)


def action_of(verb: Verb) -> Callable[..., Any]:
    def action(self: BaseAdmin, request: HttpRequest, rows: QuerySet[Any]) -> Any:
        return self.do_with_many(request, verb, rows)

    action.__name__ = verb.name
    return admin.action(
        action,
        permissions=[verb.codename],
        description=verb.marked(verb.label),
    )


def may(permission: str) -> Callable[..., bool]:
    """Whoever may see the row and has the verb's own permission."""

    def has_permission(self: BaseAdmin, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj) and request.user.has_perm(permission)

    return has_permission
