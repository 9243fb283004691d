"""A line says whether an agent gave its price: what is printed beside an amount does not tell.

What was issued before is read again in the estimate of its version, which is never changed.
"""

from collections import defaultdict

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_apart(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - the signature of a migration
    """The lines of a quote are those of the estimate, family by family: those of one charge keep their order."""
    quotes = apps.get_model("quotes", "Quote").objects.select_related("version").prefetch_related("lines")
    for quote in quotes.iterator(chunk_size=200):
        estimated = defaultdict(list)
        for line in quote.version.estimate.get("lines", ()):
            if line["issuer"] == quote.issuer:
                estimated[line["service"], line["charge"]].append(line)
        for row in quote.lines.order_by("position"):
            found = estimated[row.service, row.charge]
            if not found:
                continue
            line = found.pop(0)
            row.on_request, row.options = line["status"] == "on_request", line.get("options", {})
            if row.on_request or row.options:
                row.save(update_fields=["on_request", "options"])


class Migration(migrations.Migration):
    dependencies = [("quotes", "0006_declared_figures")]

    operations = [
        migrations.AddField("quoteline", "on_request", models.BooleanField(default=False)),
        migrations.AddField("quoteline", "options", models.JSONField(default=dict)),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
    ]
