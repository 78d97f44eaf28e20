from django.db import migrations


def make_default(apps, schema_editor):
    apps.get_model("books", "Profile").objects.get_or_create(
        default=True, defaults={"name": "Default"}
    )


class Migration(migrations.Migration):
    dependencies = [("books", "0001_start")]

    operations = [migrations.RunPython(make_default, migrations.RunPython.noop)]
