import django.db.models.deletion
import django.utils.timezone
import posix
import tame.lib.secrets
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("books", "0001_start"),
        ("indexers", "0001_start"),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
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
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "address",
                    models.CharField(
                        help_text="For example http://192.168.1.10:8080", max_length=500
                    ),
                ),
                ("username", models.CharField(blank=True, max_length=100)),
                ("password", tame.lib.secrets.EncryptedTextField(blank=True)),
                (
                    "api_key",
                    tame.lib.secrets.EncryptedTextField(
                        blank=True, help_text="From qBittorrent 5.2 on.", verbose_name="API key"
                    ),
                ),
                ("category", models.CharField(default="tame", max_length=100)),
                ("enabled", models.BooleanField(default=True)),
                ("default", models.BooleanField(default=False)),
                (
                    "unfinished_limit",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="unfinished at a time"
                    ),
                ),
                (
                    "refused_credentials",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
                ("login_leased_until", models.DateTimeField(editable=False, null=True)),
                ("log_mark", models.BigIntegerField(editable=False, null=True)),
                (
                    "free_bytes",
                    models.BigIntegerField(editable=False, null=True, verbose_name="free space"),
                ),
                ("version", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "save_path",
                    models.CharField(
                        blank=True, editable=False, max_length=1000, verbose_name="default folder"
                    ),
                ),
                ("problem", models.TextField(blank=True, default="", editable=False)),
                ("up_since", models.DateTimeField(editable=False, null=True)),
                ("seeds_synced_at", models.DateTimeField(editable=False, null=True)),
                ("from_environment", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "ordering": ["name"],
                "permissions": [("test_client", "Can test a client")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("default", True)),
                        fields=("default",),
                        name="one_default_client",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("from_environment", True)),
                        fields=("from_environment",),
                        name="one_client_from_the_environment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Download",
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
                ("indexer_name", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=1000)),
                ("decision", models.JSONField(blank=True, default=dict)),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("priority", models.SmallIntegerField(default=0, help_text="Higher goes first.")),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "hash_v1",
                    models.CharField(blank=True, max_length=40, verbose_name="info hash v1"),
                ),
                (
                    "hash_v2",
                    models.CharField(blank=True, max_length=64, verbose_name="info hash v2"),
                ),
                (
                    "client_hash",
                    models.CharField(blank=True, max_length=40, verbose_name="hash in the client"),
                ),
                ("category", models.CharField(blank=True, max_length=200)),
                ("save_path", models.CharField(blank=True, max_length=1000)),
                ("content_path", models.CharField(blank=True, max_length=2000)),
                (
                    "adopted",
                    models.BooleanField(
                        default=False, help_text="It was in the client before TAME."
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("pushed", "pushed"),
                            ("downloading", "downloading"),
                            ("completed", "complete"),
                            ("removed", "removed"),
                            ("failed", "failed"),
                            ("held", "waits for you"),
                            ("abandoned", "given up"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("not_fetched", "the link gave no torrent"),
                            ("not_listed", "accepted, but never listed"),
                            ("refused", "the release is bad"),
                            ("local", "a fault on our side"),
                            ("vanished", "removed in the client"),
                            ("person", "a person said so"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("warning", models.TextField(blank=True)),
                (
                    "client_state",
                    models.CharField(blank=True, max_length=40, verbose_name="state in the client"),
                ),
                (
                    "client_wish",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "as it is"),
                            ("running", "running"),
                            ("stopped", "stopped"),
                            ("gone", "gone, files kept"),
                            ("gone_files", "gone with its files"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("client_agrees_at", models.DateTimeField(null=True)),
                (
                    "log_mark",
                    models.BigIntegerField(help_text="Where its log ended at the add.", null=True),
                ),
                ("missing_since", models.DateTimeField(null=True)),
                ("progress", models.FloatField(default=0, help_text="0 to 1")),
                ("size", models.BigIntegerField(help_text="Bytes.", null=True)),
                ("downloaded", models.BigIntegerField(default=0, help_text="Bytes.")),
                ("speed", models.BigIntegerField(default=0, help_text="Bytes per second.")),
                ("eta", models.BigIntegerField(help_text="Seconds.", null=True)),
                ("seeds", models.IntegerField(null=True)),
                ("ratio", models.FloatField(default=0)),
                ("seeding_seconds", models.BigIntegerField(default=0)),
                ("last_progress_at", models.DateTimeField(null=True)),
                ("ratio_goal", models.FloatField(null=True)),
                ("seed_goal", models.PositiveIntegerField(help_text="Minutes.", null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="downloads.client",
                    ),
                ),
                (
                    "indexer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="downloads",
                        to="indexers.indexer",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="downloads",
                        to="indexers.release",
                    ),
                ),
            ],
            options={
                "ordering": ["-added_at", "-pk"],
                "permissions": [
                    ("push_download", "Can push to qBittorrent"),
                    ("retry_download", "Can retry a download"),
                    ("schedule_download", "Can say when a download is retried"),
                    ("pause_download", "Can pause a download"),
                    ("resume_download", "Can resume a download"),
                    ("cancel_download", "Can cancel a download"),
                    ("recheck_download", "Can recheck a download"),
                    ("reannounce_download", "Can re-announce a download"),
                    ("fail_download", "Can mark a download as failed"),
                    ("category_download", "Can set the category of a download"),
                    ("replace_download", "Can take the next best release instead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DownloadHistory",
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
                        to="downloads.download",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Import",
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
                ("source_folder", models.CharField(blank=True, max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "still to be imported"),
                            ("placed", "in the library"),
                            ("shelved", "on the shelf"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                            ("failed", "failed"),
                            ("review", "waits for you"),
                            ("dropped", "will not come"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("manifest", models.JSONField(blank=True, default=list)),
                ("mapped_path", models.CharField(blank=True, max_length=2000)),
                ("final_folder", models.CharField(blank=True, max_length=1000)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="books.book",
                    ),
                ),
                (
                    "copy",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by",
                        to="books.shelfcopy",
                    ),
                ),
                (
                    "download",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="downloads.download",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="books.library",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="books.shelfcopy",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportHistory",
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
                        to="downloads.import",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Payload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("link", tame.lib.secrets.EncryptedTextField(blank=True)),
                ("magnet", tame.lib.secrets.EncryptedTextField(blank=True)),
                (
                    "torrent",
                    tame.lib.secrets.EncryptedTextField(
                        blank=True, help_text="The bytes as base64."
                    ),
                ),
                (
                    "here_since",
                    models.DateTimeField(
                        help_text="Empty: there is only a link so far.", null=True
                    ),
                ),
                (
                    "download",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payload",
                        to="downloads.download",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="downloads.client",
                    ),
                ),
                (
                    "indexer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="route",
                        to="indexers.indexer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClientPath",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client_prefix",
                    models.CharField(max_length=1000, verbose_name="folder as the client calls it"),
                ),
                (
                    "our_prefix",
                    models.CharField(max_length=1000, verbose_name="the same folder here"),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paths",
                        to="downloads.client",
                    ),
                ),
            ],
            options={
                "verbose_name": "remote path mapping",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "client_prefix"), name="a_client_folder_is_mapped_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="download",
            index=models.Index(fields=["state", "-added_at", "-id"], name="downloads_by_state"),
        ),
        migrations.AddIndex(
            model_name="download",
            index=models.Index(fields=["indexer", "-added_at", "-id"], name="downloads_by_indexer"),
        ),
        migrations.AddIndex(
            model_name="download",
            index=models.Index(fields=["-added_at", "-id"], name="downloads_newest_first"),
        ),
        migrations.AddIndex(
            model_name="download",
            index=models.Index(
                condition=models.Q(("state__in", ("queued", "pushed", "downloading", "failed"))),
                fields=["client", "state"],
                name="downloads_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="download",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("hash_v1", ""), _negated=True),
                    models.Q(
                        (
                            "state__in",
                            ("queued", "pushed", "downloading", "completed", "failed", "held"),
                        ),
                        models.Q(
                            ("client_agrees_at", None), ("client_wish__in", ("gone", "gone_files"))
                        ),
                        _connector="OR",
                    ),
                ),
                fields=("client", "hash_v1"),
                name="a_v1_hash_is_live_once_in_a_client",
            ),
        ),
        migrations.AddConstraint(
            model_name="download",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("hash_v2", ""), _negated=True),
                    models.Q(
                        (
                            "state__in",
                            ("queued", "pushed", "downloading", "completed", "failed", "held"),
                        ),
                        models.Q(
                            ("client_agrees_at", None), ("client_wish__in", ("gone", "gone_files"))
                        ),
                        _connector="OR",
                    ),
                ),
                fields=("client", "hash_v2"),
                name="a_v2_hash_is_live_once_in_a_client",
            ),
        ),
        migrations.AddIndex(
            model_name="downloadhistory",
            index=models.Index(
                condition=models.Q(("told_at", None)),
                fields=["id"],
                name="download_history_not_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("pending", "placed", "failed", "review"))),
                fields=("book",),
                name="one_live_import_per_book",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("dropped", "undone")), _negated=True),
                fields=("download", "book"),
                name="a_download_delivers_a_book_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("download__isnull", False), ("source_folder__gt", ""), _connector="OR"
                ),
                name="an_import_has_a_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("placed", "shelved")), _negated=True),
                    ("library__isnull", False),
                    _connector="OR",
                ),
                name="a_placed_import_has_a_library",
            ),
        ),
        migrations.AddIndex(
            model_name="importhistory",
            index=models.Index(
                condition=models.Q(("told_at", None)), fields=["id"], name="import_history_not_told"
            ),
        ),
    ]
