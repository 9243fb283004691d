"""What a step expects against what is: each difference in one French sentence."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.scenarios.story import Step
from tests.scenarios.telling import Telling, cents, euros, plain
from tripartite.billing.models import Invoice, Reminder, RevenueOrder
from tripartite.conventions.queries.conventions import waiting_signatories
from tripartite.documents.models import Document
from tripartite.following.models import DueCharge
from tripartite.following.queries.deadlines import deadlines
from tripartite.going_live.models import Activation, SignatureKey
from tripartite.journal.models import Entry
from tripartite.messages.models import Message
from tripartite.pricing.money import number_text
from tripartite.quotes.queries.accords import what_accords_lack
from tripartite.quotes.queries.requests import accepted_version, estimate_request, is_expired
from tripartite.quotes.states import RequestState
from tripartite.subscriptions.queries.running import running_cost, running_on, subscriptions_of


@dataclass(frozen=True, slots=True)
class Before:
    """Where the journal and the outbox stood before a step."""

    entry: int
    message: int

    @classmethod
    def now(cls) -> "Before":
        return cls(_last(Entry), _last(Message))


@dataclass(frozen=True, slots=True)
class After:
    """A step done: at which door, what it showed, what was there before."""

    step: Step
    telling: Telling
    door: str
    estimate: dict[str, Any] | None
    before: Before

    @property
    def on(self) -> date:
        return self.step.on

    @property
    def version(self) -> Any:
        versions = list(self.telling.request.versions.all())
        return versions[-1] if versions else None

    @property
    def quotes(self) -> list[Any]:
        return list(self.version.quotes.all()) if self.version else []


def differences(after: After) -> list[str]:
    """What differs from what the step expects, in the order in which it says it. A refusal is compared apart."""
    found: list[str] = []
    for name, wanted in after.step.expect.items():
        if name != "refused":
            found += COMPARED[name](after, wanted)
    return found


def _last(model: Any) -> int:
    return int(model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)


def _compare(name: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted != found:
        yield f"{name} : attendu {_shown(wanted)}, obtenu {_shown(found)}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return f"« {value} »"
        case None:
            return "rien"
        case list():
            return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value)


def _amounts(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """Those that the step showed; else those of the quotes in hand; else the estimate of the day, prices given."""
    found = _totals(after)
    for issuer, row in wanted.items():
        if issuer not in found:
            yield f"amounts.{issuer} : cet émetteur n'a pas de montant"
            continue
        for name, amount in row.items():
            yield from _compare(f"amounts.{issuer}.{name}", euros(cents(amount)), euros(found[issuer][name]))


def _totals(after: After) -> dict[str, dict[str, int]]:
    names = ("once", "yearly", "term", "first_year")
    if after.estimate is not None and "totals" in after.estimate:
        return {code: {n: row[f"{n}_cents"] for n in names} for code, row in after.estimate["totals"].items()}
    if after.telling.request.state == RequestState.RECEIVED:
        totals = estimate_request(after.telling.request, on=after.on).totals
        return {code: {n: getattr(row, f"{n}_cents") for n in names} for code, row in totals.items()}
    return {quote.issuer: {n: getattr(quote, f"{n}_cents") for n in names} for quote in after.quotes}


def _waiting(after: After, wanted: list[str]) -> Iterator[str]:
    if after.estimate is not None:
        lines = [f"{one['service']} ({one['issuer']})" for one in after.estimate["on_request"]]
    else:
        found = estimate_request(after.telling.request, on=after.on).waiting
        lines = [f"{item.line.service} ({item.line.issuer})" for item in found]
    yield from _compare("waiting", wanted, lines)


def _quotes(after: After, wanted: Any) -> Iterator[str]:
    found = {one.issuer: "expiré" if is_expired(one, on=after.on) else one.state_label for one in after.quotes}
    asked = dict.fromkeys(found, wanted) if isinstance(wanted, str) else wanted
    for issuer, state in asked.items():
        yield from _compare(f"quotes.{issuer}", state, found.get(issuer))
    if not found:
        yield "quotes : aucun devis n'est émis"


def _numbers(after: After, wanted: dict[str, str]) -> Iterator[str]:
    found = {quote.issuer: quote.number for quote in after.quotes}
    found["request"] = after.telling.request.reference
    if after.telling.convention:
        found["convention"] = after.telling.convention.number
    for name, number in wanted.items():
        yield from _compare(f"numbers.{name}", number, found.get(name))


def _figures(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """The figures that the last quotes say they were made with; those of the estimate just shown, if there is one."""
    said = after.estimate or (after.version.estimate if after.version else {})
    for name, value in wanted.items():
        yield from _compare(f"figures.{name}", value, said.get("beneficiary", {}).get(name))


def _justified(after: After, wanted: bool) -> Iterator[str]:
    """Whether the accord counts that day, by the question that the application itself asks."""
    given = [quote.answer for quote in after.quotes if hasattr(quote, "answer") and quote.answer.accepted]
    found = not what_accords_lack(after.telling.request, given, on=after.on) if given else None
    yield from _compare("justified", wanted, found)


def _unsigned(after: After, wanted: list[str]) -> Iterator[str]:
    found = [one.role for one in waiting_signatories(after.telling.prepared)]
    yield from _compare("unsigned", wanted, found)


def _journal(after: After, wanted: list[str]) -> Iterator[str]:
    added = Entry.objects.filter(pk__gt=after.before.entry).order_by("pk")
    written = [plain(text) for text in added.values_list("text", flat=True)]
    for line in wanted:
        if line not in written:
            yield f"journal : attendu « {line} », écrit à cette étape : {_shown(written)}"


def _messages(after: After, wanted: list[str]) -> Iterator[str]:
    written = Message.objects.filter(pk__gt=after.before.message).order_by("pk")
    yield from _compare("messages", wanted, [plain(text) for text in written.values_list("subject", flat=True)])


def _papers(after: After, wanted: Any) -> Iterator[str]:
    if isinstance(wanted, int):
        yield from _compare("papers", wanted, Document.objects.count())
        return
    for kind, number in wanted.items():
        yield from _compare(f"papers.{kind}", number, Document.objects.filter(kind=kind).count())


def _of_convention(name: str) -> Callable[[After, Any], Iterator[str]]:
    return lambda after, wanted: _compare(name, wanted, getattr(after.telling.prepared, name))


def _valid_until(after: After, wanted: date) -> Iterator[str]:
    for quote in after.quotes:
        yield from _compare(f"valid_until ({quote.issuer})", wanted, quote.valid_until)


def _cost(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """What the step « cost » showed; else what the body pays a year on the day of the step."""
    shown = (after.estimate or {}).get("cost")
    found = running_cost(after.telling.body.pk, on=after.on).totals if shown is None else shown
    for issuer, amount in wanted.items():
        yield from _compare(f"cost.{issuer}", euros(cents(amount)), euros(found.get(issuer, 0)))


def _due(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """What the step « due » showed, by issuer."""
    found = (after.estimate or {}).get("due", {})
    for issuer, amount in wanted.items():
        yield from _compare(f"due.{issuer}", euros(cents(amount)), euros(found.get(issuer, 0)))


def _activations(after: After, wanted: dict[str, str]) -> Iterator[str]:
    version = accepted_version(after.telling.request.pk)
    found = {one.service: one.state_label for one in Activation.objects.filter(version=version)}
    for service, state in wanted.items():
        yield from _compare(f"activations.{service}", state, found.get(service))


def _services(after: After) -> dict[str, Any]:
    return {one.subscription.service: one for one in running_on(after.telling.body.pk, on=after.on)}


def _running(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """All that runs on the day, and no more."""
    found = {code: number_text(one.quantity) for code, one in sorted(_services(after).items())}
    yield from _compare("running", {code: f"{number}" for code, number in sorted(wanted.items())}, found)


def _due_on(after: After, wanted: dict[str, date]) -> Iterator[str]:
    found = _services(after)
    for service, day in wanted.items():
        yield from _compare(f"due_on.{service}", day, found[service].due_on if service in found else None)


def _service_ends(after: After, wanted: dict[str, date]) -> Iterator[str]:
    for service, day in wanted.items():
        held = [one for one in subscriptions_of(after.telling.body.pk) if one.service == service]
        yield from _compare(f"service_ends.{service}", day, held[-1].ends_on if held else None)


def _charged(after: After, wanted: dict[str, Any]) -> Iterator[str]:
    """All that interventions made due so far, by service."""
    found: dict[str, int] = {}
    for one in DueCharge.objects.filter(intervention__body=after.telling.body):
        found[one.service] = found.get(one.service, 0) + one.amount_cents
    told = {service: euros(amount) for service, amount in found.items()}
    yield from _compare("charged", {service: euros(cents(amount)) for service, amount in wanted.items()}, told)


def _keys(after: After, wanted: list[str]) -> Iterator[str]:
    """Every key of the body: « Prénom NOM, Maire : remise, jusqu'au 28/04/2025 »."""
    kept = SignatureKey.objects.filter(body__in=[after.telling.body, *after.telling.former]).order_by("pk")
    yield from _compare(
        "keys", wanted, [f"{one} : {one.state_label}, jusqu'au {one.valid_until:%d/%m/%Y}" for one in kept]
    )


def _deadlines(after: After, wanted: list[str]) -> Iterator[str]:
    """Those of the year to come, by day: « 14/04/2027, reconduction tacite »."""
    coming = deadlines(since=after.on, until=after.on + timedelta(days=365), body_id=after.telling.body.pk)
    yield from _compare("deadlines", wanted, [f"{one.day:%d/%m/%Y}, {plain(one.kind_label)}" for one in coming])


def _billed(of: str) -> Callable[[After, Any], Iterator[str]]:
    """What the invoices of the body come to by issuer, in a column; `late`: of those past their day alone."""

    def compare(after: After, wanted: dict[str, Any]) -> Iterator[str]:
        column, name = ("owed_cents", "overdue") if of == "overdue" else (f"{of}_cents", of)
        for issuer, amount in wanted.items():
            own = Invoice.objects.filter(body=after.telling.body, issuer=issuer)
            own = own.filter(due_on__lt=after.on) if of == "overdue" else own
            found = sum(getattr(one, column) for one in own)
            yield from _compare(f"{name}.{issuer}", euros(cents(amount)), euros(found))

    return compare


def _titles(after: After, wanted: list[str]) -> Iterator[str]:
    """Every title of the body, in the order of their numbers: « 1/2028 : 80.00 »."""
    own = RevenueOrder.objects.filter(invoice__body=after.telling.body)
    yield from _compare("titles", wanted, [f"{o.number}/{o.fiscal_year} : {euros(o.amount_cents)}" for o in own])


def _reminded(after: After, wanted: list[str]) -> Iterator[str]:
    """Every invoice of the body that was reminded of, with what was owed of it: « LFN-F-2026-00001 : 50.00 »."""
    own = Reminder.objects.filter(invoice__body=after.telling.body).select_related("invoice").order_by("pk")
    yield from _compare("reminded", wanted, [f"{one.invoice.number} : {euros(one.owed_cents)}" for one in own])


COMPARED: dict[str, Callable[[After, Any], Iterator[str]]] = {
    "amounts": _amounts,
    "waiting": _waiting,
    "request": lambda after, wanted: _compare("request", wanted, after.telling.request.state_label),
    "quotes": _quotes,
    "convention": lambda after, wanted: _compare("convention", wanted, after.telling.prepared.state_label),
    "numbers": _numbers,
    "version": lambda after, wanted: _compare("version", wanted, after.version and after.version.version),
    "what_changed": lambda after, wanted: _compare(
        "what_changed", wanted, plain(after.version.what_changed).splitlines() if after.version else []
    ),
    "valid_until": _valid_until,
    "figures": _figures,
    "justified": _justified,
    "unsigned": _unsigned,
    "in_force_on": _of_convention("in_force_on"),
    "ends_on": _of_convention("ends_on"),
    "ended_on": _of_convention("ended_on"),
    "renewed": _of_convention("renewed"),
    "amendment": lambda after, wanted: _compare(
        "amendment", wanted, plain(after.telling.prepared.changes).splitlines()
    ),
    "journal": _journal,
    "messages": _messages,
    "papers": _papers,
    "cost": _cost,
    "due": _due,
    "activations": _activations,
    "running": _running,
    "due_on": _due_on,
    "service_ends": _service_ends,
    "charged": _charged,
    "keys": _keys,
    "deadlines": _deadlines,
    "billed": _billed("gross"),
    "credited": _billed("credited"),
    "owed": _billed("owed"),
    "overdue": _billed("overdue"),
    "titles": _titles,
    "reminded": _reminded,
}
