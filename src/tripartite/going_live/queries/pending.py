"""What a day is to set going: asked of the database. See services/daily.py."""

from datetime import date

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from tripartite.conventions.queries.conventions import conventions_in_force
from tripartite.going_live.models import Activation
from tripartite.subscriptions.queries.notices import notices_named
from tripartite.subscriptions.queries.pending import Due


def conventions_to_open(*, on: date) -> list[Due]:
    """Conventions and amendments in force whose lines are not to be set going yet."""
    opened = Activation.objects.filter(version=OuterRef("version"))
    named = Concat(Value(given_up_name("")), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    found = conventions_in_force(on=on).filter(~Exists(opened), ~Exists(notices_named(named))).order_by("pk")
    return [
        Due(key, f"{number}, {name}") for key, number, name in found.values_list("pk", "number", "beneficiary__name")
    ]


def given_up_name(convention_id: object) -> str:
    """The name of the notice that what an amendment gives up has stopped."""
    return f"given-up:{convention_id}"
