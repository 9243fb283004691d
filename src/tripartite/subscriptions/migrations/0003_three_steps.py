from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tripartite.journal.append_only import append_only, no_longer_append_only

TABLES = {
    "going_live": ("ChecklistVersion", "Activation", "ActivationStep", "GoneLive", "SignatureKey"),
    "following": ("Intervention", "DueCharge", "CalendarFeed", "DeadlineLetter", "DigestWish"),
}
"""The tables that follow their models to a step of their own: their rows, keys, indexes and constraints stay."""
APPEND_ONLY = frozenset({"GoneLive", "DueCharge", "DeadlineLetter"})


def _moves() -> list[migrations.operations.base.Operation]:
    found: list[migrations.operations.base.Operation] = []
    for step, names in TABLES.items():
        for name in names:
            old, new = f"subscriptions_{name.lower()}", f"{step}_{name.lower()}"
            move = migrations.AlterModelTable(name, new)
            found += [no_longer_append_only(old), move, append_only(new)] if name in APPEND_ONLY else [move]
    return found


def follow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What Django itself notes of each model (content types, and the permissions that hang on them) follows too."""
    types = apps.get_model("contenttypes", "ContentType").objects.using(editor.connection.alias)
    for step, names in TABLES.items():
        types.filter(app_label="subscriptions", model__in=[name.lower() for name in names]).update(app_label=step)


def come_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    types = apps.get_model("contenttypes", "ContentType").objects.using(editor.connection.alias)
    for step in TABLES:
        types.filter(app_label=step).update(app_label="subscriptions")


class Migration(migrations.Migration):
    """The state forgets the models here; `going_live` and `following` say them again, without touching the tables."""

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("subscriptions", "0002_append_only"),
    ]

    operations = [
        migrations.RunPython(follow, come_back),
        migrations.SeparateDatabaseAndState(
            database_operations=_moves(),
            state_operations=[
                migrations.DeleteModel(name)
                for name in (
                    "DigestWish",
                    "DeadlineLetter",
                    "CalendarFeed",
                    "DueCharge",
                    "Intervention",
                    "SignatureKey",
                    "GoneLive",
                    "ActivationStep",
                    "Activation",
                    "ChecklistVersion",
                )
            ],
        ),
    ]
