"""The tables of a backup: which, and their rows going out and coming in, the same for both databases."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tripartite.upkeep.archive import row_line

OWN = "tripartite."
LEFT_OUT = {
    "upkeep.workerseen": "les signes de vie des ouvriers : ceux de la machine quittée",
    "accounts.user_groups": "les groupes de comptes, que l'application n'emploie pas",
    "accounts.user_user_permissions": "les permissions de Django, que l'application n'emploie pas",
    "auth": "les permissions de Django, que l'application n'emploie pas",
    "contenttypes": "la liste des tables, que Django refait",
    "sessions": "les sessions ouvertes : chacun se reconnecte",
    "axes": "les essais de connexion récents",
    "django_tasks_database": "la file d'attente : elle se refait d'après les travaux",
}
"""What no backup holds of the database, by application or table, and why."""

KeepFile = Callable[[str, bytes], object]
"""Keeps bytes under the name of a member, and answers what stands for them in the row."""


def kept_models(apps: Apps) -> list[type[Model]]:
    """The models whose tables a backup holds, in the order of their labels."""
    own = {"accounts", *own_applications()}
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in own and model._meta.managed and model._meta.label_lower not in LEFT_OUT  # noqa: SLF001
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)  # noqa: SLF001


def own_applications() -> list[str]:
    """The labels of our applications that have tables."""
    from django.apps import apps  # noqa: PLC0415 - those installed, not those of a past schema

    return [config.label for config in apps.get_app_configs() if config.name.startswith(OWN)]


def columns_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)  # noqa: SLF001


def rows_going_out(model: type[Model], columns: Sequence[str], keep_file: KeepFile) -> Iterator[bytes]:
    """The lines of a table, by its key; bytes are handed to `keep_file`."""
    label = model._meta.label_lower  # noqa: SLF001
    fields = fields_of(model, columns)
    binary = [place for place, field in enumerate(fields) if field.get_internal_type() == "BinaryField"]
    found = model._base_manager.order_by("pk").values_list("pk", *columns)  # noqa: SLF001
    for pk, *values in found.iterator(chunk_size=20 if binary else 500):
        for place in binary:
            if values[place] is not None:
                content = bytes(values[place])
                suffix = ".pdf" if content.startswith(b"%PDF") else ""
                values[place] = keep_file(f"files/{label}/{pk}-{fields[place].attname}{suffix}", content)
        yield row_line(_plain(value) for value in values)


def schema_here() -> dict[str, tuple[str, ...]]:
    """The last migrations that the base has, by application: what its tables are."""
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations or ())
    own = set(own_applications())
    found: dict[str, tuple[str, ...]] = {}
    for app, name in sorted(applied):
        if app in own and (app, name) in loader.graph.nodes:
            later = {child.key for child in loader.graph.node_map[app, name].children if child.key[0] == app}
            if not later & applied:
                found[app] = (*found.get(app, ()), name)
    return found


def fields_of(model: type[Model], columns: Sequence[str]) -> list[Any]:
    """The fields of these columns, in their order, which is not the same in a model as migrations tell it."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    return [by_name[name] for name in columns]


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case date() | clock():
            return value.isoformat()
        case timedelta():
            return str(value)
        case Decimal() | UUID():
            return str(value)
    return value
