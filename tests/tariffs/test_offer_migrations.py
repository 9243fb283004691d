"""What was kept before offers had a name gets its own: a base taken back to before them, then forward again."""

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph

from tests.factories import parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT
from tests.factories.tariffs import ALPI, GRID
from tests.migrated import put_back
from tripartite.conventions.models import FormerConvention, HeldService
from tripartite.going_live.models import ChecklistVersion
from tripartite.quotes.models import Request
from tripartite.subscriptions.models import GivenPrice
from tripartite.tariffs.models import GridVersion

BEFORE = {
    "tariffs": "0001_initial",
    "quotes": "0008_voted_before_tax",
    "conventions": "0006_signing_refusals",
    "going_live": "0002_key_holder_reason",
    "subscriptions": "0004_given_prices",
}
MAIL = "messagerie-5go"
pytestmark = pytest.mark.usefixtures("transactional_db")


def newest() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def taken_back() -> Apps:
    """The base as it was before, and the models of then."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    others = [target for target in graph.leaf_nodes() if target[0] not in BEFORE]
    kept = [target for target in others if not _leans(graph, target)]
    executor.migrate([*BEFORE.items(), *kept])
    return executor.loader.project_state(list(BEFORE.items())).apps


def _leans(graph: MigrationGraph, target: tuple[str, str]) -> bool:
    """Whether a later migration needs one of those that are taken back."""
    return any(app in BEFORE and name > BEFORE[app] for app, name in graph.forwards_plan(target))


def former(service: str, offer: str, request: Request | None = None, body: str = quotes.RUITZ) -> None:
    day = AT.date()
    one = FormerConvention.objects.create(
        body=parties.body(body),
        programme=f"Essai, {service}",
        offer=offer,
        starts_on=day,
        ends_on=day,
        request=request,
        source="essai.csv",
        imported_at=AT,
        imported_by="essai",
    )
    HeldService.objects.create(former=one, service=service, quantity="1")


@pytest.fixture
def filled() -> Iterator[dict[str, object]]:
    """Two offers, and of each a request that has quotes, one that has none, what was held, what runs."""
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    running = subscriptions.running({MAIL: 4})[MAIL]
    tariffs.adopted_alpi()
    quotes.request({"certificat-signature": 1})
    quotes.request({MAIL: 2})
    former(MAIL, "cdg62")
    former("certificat-signature", "alpi40")
    former("inconnu", "cdg62", Request.objects.order_by("pk")[0])
    ChecklistVersion.objects.create(
        code="liste/1", offer="liste", title="x", text="x", sha256="x", adopted_at=AT, adopted_by="essai"
    )
    GivenPrice.objects.create(
        body=running.body,
        offer="cdg62",
        issuer="lfn",
        service=MAIL,
        charge="abonnement",
        quantity="4",
        since=AT.date(),
        amount_cents=1,
        reason="essai",
        given_by="essai",
        recorded_at=AT,
    )
    with put_back():
        yield said()


def said() -> dict[str, object]:
    """The offer of everything that has one."""
    return {
        "grids": dict(GridVersion.objects.values_list("code", "offer")),
        "requests": list(Request.objects.order_by("pk").values_list("offer", flat=True)),
        "formers": list(FormerConvention.objects.order_by("pk").values_list("offer", flat=True)),
        "checklists": dict(ChecklistVersion.objects.values_list("code", "offer")),
        "prices": list(GivenPrice.objects.values_list("offer", flat=True)),
    }


def test_each_gets_the_offer_of_its_grid(filled: dict[str, object]) -> None:
    assert filled["grids"] == {GRID: "cdg62", ALPI: "alpi40"}
    assert filled["requests"] == ["cdg62", "alpi40", "cdg62"]
    assert filled["formers"] == ["cdg62", "alpi40", "cdg62"]
    assert filled["checklists"] == {"cdg62/2026-11-25": "cdg62", "liste/1": "liste"}
    apps = taken_back()
    assert apps.get_model("quotes", "Request").objects.count() == 3
    MigrationExecutor(connection).migrate(newest())
    assert said() == filled
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        GivenPrice.objects.update(amount_cents=2)
