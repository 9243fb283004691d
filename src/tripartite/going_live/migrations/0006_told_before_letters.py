"""What went live before it was told by letter is no news: it is noted as told, so that nobody is written to of it."""

from typing import Any

from django.db import migrations
from django.db.models import Max


def note_told(apps: Any, schema_editor: Any) -> None:
    """One notice a convention, up to its last part: the name is that of `queries/told.py`."""
    parts = apps.get_model("going_live", "GoneLive").objects.order_by()
    rows = parts.values_list("activation__convention_id", "activation__convention__beneficiary_id").annotate(
        Max("pk"), Max("recorded_at"), Max("live_on")
    )
    notice = apps.get_model("subscriptions", "Notice")
    notice.objects.bulk_create(
        [
            notice(
                name=f"live:{convention}:{part}",
                body_id=body,
                on=live_on,
                text="Mis en service avant que cela s'écrive à la collectivité.",
                recorded_at=recorded_at,
            )
            for convention, body, part, recorded_at, live_on in rows
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("going_live", "0005_given_up_in_part"),
        ("subscriptions", "0007_corrected_changes"),
    ]

    operations = [migrations.RunPython(note_told, migrations.RunPython.noop)]
