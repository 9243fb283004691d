from typing import Any

from django.db import migrations, models


def name_offers(apps: Any, schema_editor: Any) -> None:
    """The offer of each checklist: its code's part before the bar, where an offer has that code; else, where one offer
    alone was adopted, that one: it served it whatever its code.
    """
    lists, grids = apps.get_model("going_live", "ChecklistVersion"), apps.get_model("tariffs", "GridVersion")
    offers = set(grids.objects.filter(state="adopted").values_list("offer", flat=True))
    for key, code in lists.objects.values_list("pk", "code"):
        said = code.partition("/")[0]
        own = said if said in offers or len(offers) != 1 else next(iter(offers))
        lists.objects.filter(pk=key).update(offer=own)


class Migration(migrations.Migration):

    dependencies = [("going_live", "0002_key_holder_reason"), ("tariffs", "0002_offers")]

    operations = [
        migrations.AddField(
            "checklistversion", "offer", models.CharField(max_length=200, default=""), preserve_default=False
        ),
        migrations.RunPython(name_offers, migrations.RunPython.noop),
    ]
