from typing import Any

from django.db import migrations, models

from tripartite.journal.append_only import append_only, no_longer_append_only


def name_offers(apps: Any, schema_editor: Any) -> None:
    """The offer of each price given: that of the convention under which the body has, or had, what it prices."""
    prices, running = apps.get_model("subscriptions", "GivenPrice"), apps.get_model("subscriptions", "Subscription")
    for price in prices.objects.all():
        same = running.objects.filter(body=price.body_id).order_by("pk")
        one = same.filter(service=price.service).first() or same.first()
        if one is not None:
            prices.objects.filter(pk=price.pk).update(offer=one.convention.request.offer)


class Migration(migrations.Migration):

    dependencies = [("subscriptions", "0004_given_prices"), ("conventions", "0007_offers"), ("quotes", "0009_offers")]

    operations = [
        no_longer_append_only("subscriptions_givenprice"),
        migrations.AddField("givenprice", "offer", models.CharField(max_length=200, default=""), preserve_default=False),
        migrations.RunPython(name_offers, migrations.RunPython.noop),
        migrations.RemoveConstraint("givenprice", "given_price_once"),
        migrations.AddConstraint(
            "givenprice",
            models.UniqueConstraint(
                fields=("body", "offer", "issuer", "service", "charge", "options", "quantity", "since"),
                name="given_price_once",
            ),
        ),
        append_only("subscriptions_givenprice"),
    ]
