from typing import Any

from django.db import migrations, models


def name_offers(apps: Any, schema_editor: Any) -> None:
    """The offer of each version: its code's part before the bar."""
    versions = apps.get_model("tariffs", "GridVersion")
    for key, code in versions.objects.values_list("pk", "code"):
        versions.objects.filter(pk=key).update(offer=code.partition("/")[0])


class Migration(migrations.Migration):

    dependencies = [("tariffs", "0001_initial")]

    operations = [
        migrations.AddField("gridversion", "offer", models.CharField(max_length=200, default=""), preserve_default=False),
        migrations.RunPython(name_offers, migrations.RunPython.noop),
        migrations.AlterField("gridversion", "offer", models.CharField(max_length=200, db_index=True)),
    ]
