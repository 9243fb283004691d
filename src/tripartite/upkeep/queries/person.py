"""What the installation keeps about a person: every row of every table of the register that names it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import BinaryField, Field, JSONField, Model, Q, TextField
from django.db.models.functions import Cast

from tripartite.upkeep.personal import REGISTER, Held

SHOWN = 160
"""How many characters of a value are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row that names the person, and what it says, column by column."""

    held: Held
    key: str
    values: tuple[tuple[str, str], ...]


def rows_about(person: str) -> Iterator[Found]:
    """The rows that hold an address or a name, whole or within a text, whatever its capitals. Files are not read: what
    a paper says is in its payload."""
    wanted = person.strip()
    if not wanted:
        return
    for held in REGISTER:
        model = apps.get_model(held.table)
        columns = {name: field for name in held.fields if not isinstance(field := _field(model, name), BinaryField)}
        inside = {f"text_of_{name}": Cast(name, TextField()) for name, field in columns.items() if _is_json(field)}
        condition = Q(pk__in=())
        for name, field in columns.items():
            if _is_json(field):
                spelled = {wanted, json.dumps(wanted)[1:-1]}
                for one in spelled:
                    condition |= Q(**{f"text_of_{name}__icontains": one})
            else:
                condition |= Q(**{f"{name}__icontains": wanted})
        for row in model._default_manager.annotate(**inside).filter(condition).order_by("pk"):  # noqa: SLF001
            said = [(name, _text(getattr(row, name))) for name in columns]
            cited = [(name, _excerpt(text, wanted)) for name, text in said if _in(wanted, text)]
            yield Found(held, str(row.pk), tuple(cited))


def _field(model: type[Model], name: str) -> Field[object, object]:
    return model._meta.get_field(name)  # type: ignore[return-value]  # noqa: SLF001


def _is_json(field: Field[object, object]) -> bool:
    return isinstance(field, JSONField)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _in(wanted: str, text: str) -> bool:
    return wanted.casefold() in text.casefold()


def _excerpt(text: str, wanted: str) -> str:
    """What surrounds the name, on one line."""
    place = max(text.casefold().find(wanted.casefold()) - SHOWN // 2, 0)
    return " ".join(text[place : place + SHOWN].split())
