import django.db.models.deletion
import django.utils.timezone
import posix
import tame.lib.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("normalised", models.CharField(editable=False, max_length=300)),
                ("sort_name", models.CharField(blank=True, max_length=300)),
                ("other_names", models.JSONField(blank=True, default=list)),
                ("followed", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["sort_name", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                (
                    "leased_by",
                    models.CharField(blank=True, default="", editable=False, max_length=32),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "retry_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next try"),
                ),
                ("last_error", models.TextField(blank=True, default="", editable=False)),
                ("title", models.CharField(max_length=500)),
                ("subtitle", models.CharField(blank=True, max_length=500)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="ISO 639, for example eng.", max_length=3
                    ),
                ),
                ("asin", models.CharField(blank=True, max_length=10, verbose_name="ASIN")),
                ("isbn", models.CharField(blank=True, max_length=13, verbose_name="ISBN")),
                (
                    "expected_seconds",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="In seconds.",
                        null=True,
                        verbose_name="expected duration",
                    ),
                ),
                ("published_on", models.DateField(blank=True, null=True)),
                ("priority", models.SmallIntegerField(default=0, help_text="Higher goes first.")),
                (
                    "wish",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("wanted", "wanted"),
                            ("parked", "parked"),
                        ],
                        default="wanted",
                        max_length=8,
                    ),
                ),
                ("on_shelf", models.BooleanField(default=False, editable=False)),
                ("coming", models.BooleanField(default=False, editable=False)),
                (
                    "next_search_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("searches", models.PositiveIntegerField(default=0, editable=False)),
                ("sources", models.JSONField(blank=True, default=dict, editable=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-added_at", "-pk"],
                "permissions": [("search_book", "Can search for a book")],
            },
        ),
        migrations.CreateModel(
            name="Library",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                (
                    "leased_by",
                    models.CharField(blank=True, default="", editable=False, max_length=32),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "retry_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next try"),
                ),
                ("last_error", models.TextField(blank=True, default="", editable=False)),
                ("name", models.CharField(max_length=100)),
                ("root", models.CharField(max_length=1000, unique=True)),
                ("template", models.CharField(default="{author}/{series}/{title}", max_length=500)),
                ("placement", models.JSONField(blank=True, default=list)),
                ("shelf_library_id", models.CharField(blank=True, max_length=100)),
                ("shelf_prefix", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "verbose_name_plural": "libraries",
            },
        ),
        migrations.CreateModel(
            name="Credit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "author"),
                            ("narrator", "narrator"),
                            ("translator", "translator"),
                        ],
                        default="author",
                        max_length=10,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="books.author",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credits",
                        to="books.book",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="book",
            name="people",
            field=models.ManyToManyField(
                related_name="books", through="books.Credit", to="books.author"
            ),
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("formats", models.JSONField(blank=True, default=list, help_text="Best first.")),
                ("cutoff", models.CharField(blank=True, max_length=20)),
                ("upgrade", models.BooleanField(default=False)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("words", models.JSONField(blank=True, default=dict, help_text="Word: score.")),
                ("limits", models.JSONField(blank=True, default=dict)),
                ("policies", models.JSONField(blank=True, default=dict)),
                ("automatic", models.BooleanField(default=False, verbose_name="take by itself")),
                ("default", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("default", True)),
                        fields=("default",),
                        name="one_default_profile",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="book",
            name="profile",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="books.profile",
            ),
        ),
        migrations.AddField(
            model_name="author",
            name="profile",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="books.profile",
            ),
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="books.book",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("normalised", models.CharField(editable=False, max_length=300)),
                ("sort_name", models.CharField(blank=True, max_length=300)),
                ("other_names", models.JSONField(blank=True, default=list)),
                ("followed", models.BooleanField(default=False)),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="books.profile",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ["sort_name", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=20)),
                ("sort_number", models.FloatField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="books.book",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="books.series",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_number", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ShelfCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                (
                    "leased_by",
                    models.CharField(blank=True, default="", editable=False, max_length=32),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "retry_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next try"),
                ),
                ("last_error", models.TextField(blank=True, default="", editable=False)),
                (
                    "state_since",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("folder", models.CharField(max_length=1000)),
                ("manifest", models.JSONField(blank=True, default=list)),
                ("format", models.CharField(blank=True, max_length=20)),
                (
                    "bitrate",
                    models.PositiveIntegerField(
                        blank=True, help_text="Bits per second.", null=True
                    ),
                ),
                ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("narrator", models.CharField(blank=True, max_length=300)),
                ("shelf_id", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("placed", "in its folder"),
                            ("proved", "on the shelf"),
                            ("trashed", "in the trash"),
                            ("gone", "gone"),
                            ("missing", "missing"),
                        ],
                        default="placed",
                        max_length=8,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=20)),
                ("proved_at", models.DateTimeField(blank=True, null=True)),
                ("corrected_at", models.DateTimeField(blank=True, null=True)),
                ("trash_until", models.DateTimeField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="books.book",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="books.library",
                    ),
                ),
            ],
            options={
                "verbose_name": "copy",
                "verbose_name_plural": "copies",
            },
        ),
        migrations.CreateModel(
            name="ShelfCopyHistory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=12)),
                ("to_state", models.CharField(max_length=12)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("actor", models.CharField(max_length=150)),
                ("sentence", models.TextField()),
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("process", models.PositiveIntegerField(default=posix.getpid, editable=False)),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="books.shelfcopy",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ShelfServer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="failures in a row"
                    ),
                ),
                (
                    "off_until",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="left alone until"
                    ),
                ),
                ("last_error", models.TextField(blank=True, default="", editable=False)),
                (
                    "last_ok_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last good answer"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("address", models.URLField(unique=True)),
                ("key", tame.lib.secrets.EncryptedTextField(blank=True)),
                ("from_environment", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("from_environment", True)),
                        fields=("from_environment",),
                        name="one_shelf_server_from_the_environment",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="library",
            name="server",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="books.shelfserver",
            ),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.UniqueConstraint(
                fields=("book", "author", "role"), name="a_person_is_credited_once"
            ),
        ),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(
                fields=["wish", "on_shelf", "coming", "next_search_at"], name="books_to_search"
            ),
        ),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(fields=["-added_at", "-id"], name="books_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.UniqueConstraint(
                condition=models.Q(("asin", ""), _negated=True),
                fields=("asin",),
                name="one_book_of_an_asin",
            ),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.UniqueConstraint(
                condition=models.Q(("isbn", ""), _negated=True),
                fields=("isbn",),
                name="one_book_of_an_isbn",
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.UniqueConstraint(fields=("normalised",), name="one_author_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                fields=("book", "person"), name="a_person_asks_once_for_a_book"
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesplace",
            constraint=models.UniqueConstraint(
                fields=("book", "series"), name="a_book_is_in_a_series_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfcopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("placed", "proved", "missing"))),
                fields=("book", "library"),
                name="one_copy_of_a_book_in_a_library",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfcopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("placed", "proved", "missing"))),
                fields=("library", "folder"),
                name="one_book_per_folder",
            ),
        ),
        migrations.AddIndex(
            model_name="shelfcopyhistory",
            index=models.Index(
                condition=models.Q(("told_at", None)),
                fields=["id"],
                name="copy_history_not_yet_told",
            ),
        ),
    ]
