"""A convention in force and what it sets going, through the services."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.going_live.models import Activation
from tripartite.going_live.services.activations import open_activations, waive_step
from tripartite.going_live.services.checklists import adopt_checklist
from tripartite.going_live.services.parts import go_live
from tripartite.subscriptions.queries.running import running_on

DAY = AT.date()


@laid
def adopt_shipped_checklist() -> Any:
    """The shipped checklist, adopted."""
    (path,) = (settings.GRIDS_FOLDER / "cdg62" / "checklists").glob("*.toml")
    return adopt_checklist(text=path.read_text(encoding="utf-8"), actor=TESTER, at=AT)


@laid
def in_force(**more: Any) -> Any:
    """A convention that its three parties signed on paper, in force that day."""
    at = more.get("at", AT)
    return signed(conventions.drafted(**more), at=at)


@laid
def signed(draft: Any, *, at: datetime = AT) -> Any:
    """A convention, or an amendment, in preparation: sent, then signed on paper by its three parties."""
    convention = conventions.read(send_convention(convention_id=draft.pk, actor=TESTER, at=at + conventions.SENT))
    signatories = list(convention.signatories.all())
    for place, one in enumerate(signatories, 1):
        signed_at = at - timedelta(len(signatories) - place)
        record_paper_signature(
            signatory_id=one.pk,
            signed_on=timezone.localdate(signed_at),
            scan=conventions.SCAN,
            original_place="Secrétariat du CDG 62",
            actor=TESTER,
            at=signed_at,
        )
    return conventions.read(convention)


@laid
def opened(quantities: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The activations of a convention in force, by service, without their steps settled."""
    convention = in_force(quantities=quantities, **more)
    found = open_activations(convention_id=convention.pk, actor=TESTER, at=more.get("at", AT))
    return {one.service: one for one in found}


def waive_all(activation: Any, *, at: datetime = AT) -> None:
    """Do without every step that is left."""
    for step in activation.steps.all():
        if not step.settled:
            waive_step(step_id=step.pk, reason="essai", actor=TESTER, at=at)


def live(activation: Any, *, on: date = DAY, at: datetime = AT, **more: Any) -> Any:
    """Put an activation in service, whatever its steps; answers the part."""
    waive_all(activation, at=at)
    return go_live(activation_id=activation.pk, live_on=on, actor=TESTER, at=at, **more)


@laid
def running(quantities: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The subscriptions of a convention whose every line went live that day, by service."""
    at = more.get("at", AT)
    parts = [live(one, on=at.date(), at=at) for one in opened(quantities, **more).values()]
    return {part.subscription.service: part.subscription for part in parts if part.subscription}


@laid
def running_from(asked: Any, *, at: datetime = AT) -> dict[str, Any]:
    """The same, from a request whose lines are priced."""
    convention = signed(conventions.drafted(asked=asked, at=at), at=at)
    opened_now = open_activations(convention_id=convention.pk, actor=TESTER, at=at)
    parts = [live(one, on=at.date(), at=at) for one in opened_now]
    return {part.subscription.service: part.subscription for part in parts if part.subscription}


def reread(activation: Any) -> Any:
    """The activation as it stands."""
    return Activation.objects.prefetch_related("steps", "parts").get(pk=activation.pk)


def quantities(body: Any, on: date) -> list[Any]:
    """How much of each subscription of a body runs on a day, in the order in which they began."""
    return [one.quantity for one in running_on(body.pk, on=on)]
