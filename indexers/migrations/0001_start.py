import django.db.models.deletion
import django.utils.timezone
import indexers.models
import posix
import tame.lib.secrets
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("books", "0001_start"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted", models.JSONField()),
                ("release_title", models.CharField(max_length=1000)),
                ("size", models.BigIntegerField(null=True)),
                ("right", models.BooleanField()),
                ("labelled_by", models.CharField(max_length=150)),
                ("labelled_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Indexer",
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
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("jackett", "Jackett"),
                            ("prowlarr", "Prowlarr"),
                            ("torznab", "other Torznab"),
                        ],
                        default="torznab",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        help_text="As Jackett or Prowlarr shows it.",
                        max_length=500,
                        unique=True,
                        verbose_name="Torznab address",
                    ),
                ),
                ("key", tame.lib.secrets.EncryptedTextField(blank=True, verbose_name="API key")),
                ("categories", models.JSONField(blank=True, default=indexers.models.audiobooks)),
                ("caps", models.JSONField(blank=True, default=dict, editable=False)),
                ("privacy", models.CharField(blank=True, editable=False, max_length=20)),
                ("language", models.CharField(blank=True, editable=False, max_length=20)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=25, help_text="1 to 50; lower goes first."
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                (
                    "also_allow",
                    models.TextField(
                        blank=True,
                        help_text="Private hosts its links may lead to, one a line.",
                        verbose_name="also allowed hosts",
                    ),
                ),
                (
                    "next_query_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "failed_fetches",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        verbose_name="links in a row that gave no torrent",
                    ),
                ),
                ("ratio_goal", models.FloatField(blank=True, null=True)),
                (
                    "seed_goal",
                    models.PositiveIntegerField(blank=True, help_text="Minutes.", null=True),
                ),
                ("from_environment", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "ordering": ["priority", "name", "pk"],
                "permissions": [("test_indexer", "Can test an indexer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("from_environment", True)),
                        fields=("from_environment",),
                        name="one_indexer_from_the_environment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "identity",
                    models.CharField(
                        help_text="Info hash, else SHA-256 of the guid.", max_length=64
                    ),
                ),
                ("title", models.CharField(max_length=1000)),
                ("size", models.BigIntegerField(help_text="Bytes; empty: unknown.", null=True)),
                (
                    "seeders",
                    models.PositiveIntegerField(
                        help_text="Empty: unknown, which is not 0.", null=True
                    ),
                ),
                ("peers", models.PositiveIntegerField(null=True)),
                ("grabs", models.PositiveIntegerField(null=True)),
                ("files", models.PositiveIntegerField(null=True)),
                ("info_hash", models.CharField(blank=True, max_length=64)),
                (
                    "link",
                    tame.lib.secrets.EncryptedTextField(
                        blank=True, help_text="With {key} in the place of the key."
                    ),
                ),
                ("magnet", tame.lib.secrets.EncryptedTextField(blank=True)),
                ("details", models.CharField(blank=True, max_length=1000)),
                ("categories", models.JSONField(default=list)),
                ("attributes", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField(null=True)),
                ("first_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "indexer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="releases",
                        to="indexers.indexer",
                    ),
                ),
            ],
            options={
                "ordering": ["-last_seen_at", "-pk"],
                "permissions": [("grab_release", "Can grab a release")],
            },
        ),
        migrations.CreateModel(
            name="Search",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=100)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("process", models.PositiveIntegerField(default=posix.getpid, editable=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="searched",
                        to="books.book",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "searches",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Query",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indexer_name", models.CharField(max_length=200)),
                ("tier", models.PositiveSmallIntegerField(default=1)),
                ("asked", models.CharField(max_length=500)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("answered", "answered"),
                            ("failed", "failed"),
                            ("skipped", "not asked"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("sentence", models.TextField(blank=True)),
                ("seconds", models.FloatField(null=True)),
                ("found", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "indexer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queries",
                        to="indexers.indexer",
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queries",
                        to="indexers.search",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "queries",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("take", "take"), ("offer", "offer"), ("reject", "reject")],
                        default="offer",
                        max_length=6,
                    ),
                ),
                ("score", models.FloatField(default=0)),
                ("parts", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("first_accepted_at", models.DateTimeField(blank=True, null=True)),
                ("passed_over_until", models.DateTimeField(blank=True, null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="books.book",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="indexers.release",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rejection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("sentence", models.TextField()),
                ("permanent", models.BooleanField(default=True)),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rejections",
                        to="indexers.verdict",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("info_hash", models.CharField(blank=True, max_length=64)),
                ("identity", models.CharField(blank=True, max_length=64)),
                ("title", models.CharField(blank=True, max_length=1000)),
                ("reason", models.TextField()),
                ("blocked_by", models.CharField(max_length=150)),
                ("blocked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: for every book.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="books.book",
                    ),
                ),
                (
                    "indexer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="indexers.indexer",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "blocklist",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("info_hash", ""), _negated=True), ("book__isnull", False)
                        ),
                        fields=("info_hash", "book"),
                        name="a_hash_is_blocked_once_for_a_book",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("info_hash", ""), _negated=True), ("book__isnull", True)
                        ),
                        fields=("info_hash",),
                        name="a_hash_is_blocked_once_for_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("info_hash", ""), _negated=True),
                            models.Q(("identity__gt", ""), ("indexer__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_block_says_what_it_blocks",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["info_hash"], name="releases_by_hash"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["-last_seen_at", "-id"], name="releases_last_seen_first"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("indexer", "identity"), name="a_release_is_listed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("book",),
                name="one_open_search_per_book",
            ),
        ),
        migrations.AddIndex(
            model_name="query",
            index=models.Index(fields=["indexer", "started_at"], name="queries_of_an_indexer"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("book", "release"), name="one_verdict_on_a_release"
            ),
        ),
        migrations.AddIndex(
            model_name="rejection",
            index=models.Index(fields=["rule"], name="rejections_by_rule"),
        ),
        migrations.AddConstraint(
            model_name="rejection",
            constraint=models.UniqueConstraint(
                fields=("verdict", "rule"), name="a_rule_objects_once"
            ),
        ),
    ]
