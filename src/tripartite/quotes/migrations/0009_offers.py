import tomllib
from typing import Any

from django.db import migrations, models


def name_offers(apps: Any, schema_editor: Any) -> None:
    """The offer of each request: that of the grid of its last quotes; where it has none yet, the one adopted offer, or
    among several the first that has all its services.
    """
    requests, versions = apps.get_model("quotes", "Request"), apps.get_model("quotes", "QuoteVersion")
    rows = versions.objects.order_by("version").values_list("request", "grid")
    quoted = {request: grid.partition("/")[0] for request, grid in rows}
    offers = services_of_offers(apps)
    for key, order in requests.objects.values_list("pk", "order").iterator():
        wanted = {line["service"] for name in ("lines", "in_service", "ended") for line in order.get(name) or ()}
        requests.objects.filter(pk=key).update(offer=quoted.get(key) or offer_with(offers, wanted))


def services_of_offers(apps: Any) -> dict[str, set[str]]:
    """The services of each adopted offer, all its grids together, the first adopted first."""
    grids = apps.get_model("tariffs", "GridVersion")
    found: dict[str, set[str]] = {}
    for offer, text in grids.objects.filter(state="adopted").order_by("pk").values_list("offer", "text"):
        found.setdefault(offer, set()).update(one["code"] for one in tomllib.loads(text).get("service", ()))
    return found


def offer_with(offers: dict[str, set[str]], wanted: set[str]) -> str:
    having = [offer for offer, services in offers.items() if wanted <= services]
    return next(iter([*having, *offers]), "sans-tarif")


class Migration(migrations.Migration):

    dependencies = [("quotes", "0008_voted_before_tax"), ("tariffs", "0002_offers")]

    operations = [
        migrations.AddField("request", "offer", models.CharField(max_length=200, default=""), preserve_default=False),
        migrations.RunPython(name_offers, migrations.RunPython.noop),
        migrations.AddIndex("request", models.Index(fields=["offer"], name="request_offer")),
        migrations.AddConstraint(
            "request",
            models.CheckConstraint(condition=models.Q(("offer", ""), _negated=True), name="request_has_offer"),
        ),
    ]
