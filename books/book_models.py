"""Books as somebody wants or has them, and who asked for them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from books.library_models import Library
from books.people import Author, Credit
from books.profiles import Profile
from books.states import Wish
from tame.lib.backoff import hurried
from tame.lib.lease import Lease

SEARCH_AGAIN = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24))


class Book(Lease):
    """A work that somebody wants or has. `wish` is the person's; `on_shelf` and `coming` are
    recomputed from rows at the end of every move. Only `wishes.py` writes the wish. The lease is
    the search's."""

    title = models.CharField(max_length=500)
    subtitle = models.CharField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=3, blank=True, help_text="ISO 639, for example eng.")
    asin = models.CharField("ASIN", max_length=10, blank=True)
    isbn = models.CharField("ISBN", max_length=13, blank=True)
    expected_seconds = models.PositiveIntegerField(
        "expected duration", null=True, blank=True, help_text="In seconds."
    )
    published_on = models.DateField(null=True, blank=True)
    priority = models.SmallIntegerField(default=0, help_text="Higher goes first.")
    profile = models.ForeignKey(
        Profile,
        models.SET_NULL,
        null=True,
        blank=True,
        help_text="Empty: its series', its author's, or the default one.",
    )
    library = models.ForeignKey(
        Library,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="chosen_by",
        help_text="Where it goes. Empty: its profile's, or the default one.",
    )
    narrator_required = models.BooleanField(
        "only by this narrator",
        default=False,
        help_text="Else a narrator named here is only preferred.",
    )
    wish = models.CharField(max_length=8, choices=Wish, default=Wish.WANTED)
    on_shelf = models.BooleanField(default=False, editable=False)
    missing = models.BooleanField(
        default=False,
        editable=False,
        help_text="It was on the shelf and is not seen there any more.",
    )
    coming = models.BooleanField(default=False, editable=False)
    may_upgrade = models.BooleanField(
        default=False,
        editable=False,
        help_text="Its profile wants a better format than the copy on the shelf has.",
    )
    next_search_at = models.DateTimeField(default=timezone.now, editable=False)
    searches = models.PositiveIntegerField(default=0, editable=False)
    search_asked_by = models.CharField(max_length=150, blank=True, default="", editable=False)
    publisher = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    cover_url = models.CharField("cover", max_length=500, blank=True)
    link = models.CharField(
        "its page", max_length=500, blank=True, help_text="Where a source knows it."
    )
    sources = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Field: source, at, locked."
    )
    described_at = models.DateTimeField(null=True, editable=False)
    next_describe_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    describes = models.PositiveIntegerField(default=0, editable=False)
    added_at = models.DateTimeField(auto_now_add=True)
    people = models.ManyToManyField(Author, through="Credit", related_name="books")

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asin"], condition=~Q(asin=""), name="one_book_of_an_asin"
            ),
            models.UniqueConstraint(
                fields=["isbn"], condition=~Q(isbn=""), name="one_book_of_an_isbn"
            ),
        ]
        indexes = [
            models.Index(
                fields=["wish", "on_shelf", "coming", "next_search_at"], name="books_to_search"
            ),
            models.Index(fields=["-added_at", "-id"], name="books_newest_first"),
            models.Index(fields=["next_describe_at"], name="books_to_describe"),
        ]
        permissions = [("search_book", "Can search for a book")]

    def __str__(self) -> str:
        return self.title

    @property
    def authors(self) -> str:
        """Their names in order; empty when nobody is known."""
        return ", ".join(self.names(Credit.Role.AUTHOR))

    def names(self, role: str) -> list[str]:
        return [credit.author.name for credit in self.credited(role)]

    def credited(self, role: str) -> list[Credit]:
        """Who wrote or reads it, in their order. No query where credits were prefetched."""
        rows = [credit for credit in self.credits.all() if credit.role == role]
        return sorted(rows, key=lambda credit: (credit.order, credit.pk))

    def chosen_profile(self) -> Profile | None:
        """Its own, its series', its author's; None: the default one. No query where they were
        prefetched."""
        series = [place.series.profile for place in self.places.all()]
        written = [credit.author.profile for credit in self.credited(Credit.Role.AUTHOR)]
        chosen = [self.profile, *series, *written]
        return next((profile for profile in chosen if profile), None)

    def chosen_library(self) -> Library | None:
        """Its own, its profile's, else the default one."""
        profile = self.chosen_profile() or Profile.usual()
        return self.library or profile.library or Library.usual()

    @property
    def state(self) -> str:
        """Computed, never stored: the wish only as long as nothing of it is here."""
        if self.missing:
            return "missing"
        if self.on_shelf:
            return "available"
        return "coming" if self.coming else self.wish

    @property
    def status(self) -> str:
        """The state as a list says it."""
        return self.get_wish_display() if self.state == self.wish else self.state

    @property
    def is_here(self) -> bool:
        """Nothing has to be searched for: it is on the shelf or coming."""
        return self.coming or (self.on_shelf and not self.missing)

    @property
    def is_out(self) -> bool:
        """Before that day nothing of it can be found."""
        return self.published_on is None or self.published_on <= timezone.localdate()

    def next_search_after(self) -> timedelta:
        """New wants soon again, then hours, then days; for something better only after days."""
        if self.on_shelf:
            return hurried(SEARCH_AGAIN[-1])
        return hurried(SEARCH_AGAIN[min(self.searches, len(SEARCH_AGAIN) - 1)])

    @classmethod
    def searchable(cls) -> models.QuerySet[Book]:
        """Open, out, and due; upgrades last, else the most important first."""
        is_out = Q(published_on=None) | Q(published_on__lte=timezone.localdate())
        due = cls.objects.filter(cls.open_for(), is_out, next_search_at__lte=timezone.now())
        return due.order_by("on_shelf", "-priority", "next_search_at", "pk")

    @staticmethod
    def open_for(prefix: str = "") -> Q:
        """Wanted, and neither on the shelf nor coming; or better is wanted than what is there."""
        where = {f"{prefix}wish": Wish.WANTED, f"{prefix}coming": False}
        better = Q(**{f"{prefix}on_shelf": False}) | Q(**{f"{prefix}may_upgrade": True})
        return Q(**where) & better


class BookLine(models.Model):
    """A line in a book's story that no other row tells: what is wished of it, by whom and why, and
    a person's word about a release. Kept for ever."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="lines")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150)
    sentence = models.TextField()

    class Meta:
        verbose_name = "line of its story"
        verbose_name_plural = "lines of its story"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sentence


class Request(models.Model):
    """Somebody asked for a book; somebody decided."""

    class State(models.TextChoices):
        ASKED = "asked", "asked"
        APPROVED = "approved", "approved"
        REFUSED = "refused", "refused"

    book = models.ForeignKey(Book, models.CASCADE, related_name="requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "person"], name="a_person_asks_once_for_a_book")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.book}"
