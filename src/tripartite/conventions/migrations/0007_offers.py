import tomllib
from typing import Any

from django.db import migrations, models


def name_offers(apps: Any, schema_editor: Any) -> None:
    """The offer of each former convention: that of its request; where it has none, the one adopted offer, or among
    several the first that has all that was held.
    """
    formers, grids = apps.get_model("conventions", "FormerConvention"), apps.get_model("tariffs", "GridVersion")
    offers: dict[str, set[str]] = {}
    for offer, text in grids.objects.filter(state="adopted").order_by("pk").values_list("offer", "text"):
        offers.setdefault(offer, set()).update(one["code"] for one in tomllib.loads(text).get("service", ()))
    for former in formers.objects.select_related("request").prefetch_related("held"):
        held = {one.service for one in former.held.all()}
        having = [offer for offer, services in offers.items() if held <= services]
        own = former.request.offer if former.request else next(iter([*having, *offers]), "sans-tarif")
        formers.objects.filter(pk=former.pk).update(offer=own)


class Migration(migrations.Migration):

    dependencies = [("conventions", "0006_signing_refusals"), ("quotes", "0009_offers"), ("tariffs", "0002_offers")]

    operations = [
        migrations.AddField(
            "formerconvention", "offer", models.CharField(max_length=200, default=""), preserve_default=False
        ),
        migrations.RunPython(name_offers, migrations.RunPython.noop),
    ]
