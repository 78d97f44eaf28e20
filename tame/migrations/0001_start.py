import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("downloads", "0001_start"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedLease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("owner", models.CharField(blank=True, default="", max_length=32)),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SchedulePreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: ours.", null=True
                    ),
                ),
                ("paused", models.BooleanField(default=False)),
                ("last_started_at", models.DateTimeField(editable=False, null=True)),
                ("last_ended_at", models.DateTimeField(editable=False, null=True)),
                ("last_result", models.TextField(blank=True, default="", editable=False)),
            ],
            options={
                "verbose_name": "schedule",
                "permissions": [("run_schedulepreference", "Can run a schedule now")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_name", models.CharField(max_length=60, verbose_name="check")),
                ("subject", models.CharField(max_length=200)),
                ("sentence", models.TextField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("began_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("check_name", "subject"),
                        name="a_finding_is_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Switch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "everything_paused",
                    models.BooleanField(default=False, verbose_name="pause everything"),
                ),
                (
                    "told_of_plain_http",
                    models.BooleanField(
                        default=False, verbose_name="knows that passwords travel in clear over http"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "switches",
                "verbose_name_plural": "switches",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="there_is_one_row_of_switches"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wanted", models.BooleanField(default=False)),
                ("interface", models.CharField(default="lo", max_length=40)),
                ("web_port", models.PositiveIntegerField(default=0)),
                ("peer_port", models.PositiveIntegerField(default=0)),
                ("password_hash", models.CharField(blank=True, max_length=200)),
                (
                    "client",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="downloads.client",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="one_qbittorrent_runs_here"
                    )
                ],
            },
        ),
    ]
