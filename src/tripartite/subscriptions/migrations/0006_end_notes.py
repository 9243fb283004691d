"""Each end carries the day on which it was learnt. Those noted before are taken as known from the start."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tripartite.journal.append_only import append_only


def note_ends(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - the signature of a migration
    """Write the note of every end that is known."""
    note = apps.get_model("subscriptions", "EndNote")
    ended = apps.get_model("subscriptions", "Subscription").objects.filter(ends_on__isnull=False).exclude(end_reason="")
    note.objects.bulk_create(
        [
            note(
                subscription=one,
                ends_on=one.ends_on,
                reason=one.end_reason,
                recorded_by=one.created_by,
                recorded_at=one.created_at,
            )
            for one in ended.iterator()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0005_offers")]

    operations = [
        migrations.CreateModel(
            name="EndNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("recorded_by", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end_notes",
                        to="subscriptions.subscription",
                    ),
                ),
            ],
            options={"ordering": ("recorded_at", "id")},
        ),
        migrations.RunPython(note_ends, migrations.RunPython.noop),
        append_only("subscriptions_endnote"),
    ]
