from django.db import migrations


def make_sources(apps, schema_editor):
    rows = apps.get_model("books", "MetadataSource").objects
    for kind in ("open_library", "librivox", "audiobookshelf", "audnexus"):
        rows.get_or_create(kind=kind, defaults={"enabled": kind != "audnexus"})


class Migration(migrations.Migration):
    dependencies = [("books", "0002_default_profile")]

    operations = [migrations.RunPython(make_sources, migrations.RunPython.noop)]
