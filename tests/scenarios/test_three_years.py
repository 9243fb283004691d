"""Three years of one commune, told through each door: going live, paid in part, fewer of it, a new tariff, a credit, a
slip, a reject, a reminder. What each sum comes to is computed here, from the story alone.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.billing.pes.returns import piece, returned
from tests.factories import accounts, billing, subscriptions
from tests.factories.accounts import TESTER
from tests.factories.revenue import SET
from tests.subscriptions.test_daily import next_tariff
from tripartite.accounts.rights import Role
from tripartite.billing.models import CreditNote, Invoice, Reminder, RevenueOrder, RevenueSlip
from tripartite.billing.queries.invoices import run_list
from tripartite.billing.queries.owed import balance
from tripartite.billing.queries.reminding import last_reminding
from tripartite.billing.queries.seen import invoice_mark
from tripartite.billing.services.crediting import credit_lines
from tripartite.billing.services.ordering import order_revenue
from tripartite.billing.services.paying import pay_invoice
from tripartite.billing.services.reminding import KIND, remind_body
from tripartite.billing.services.returning import read_return_file
from tripartite.cli.main import main
from tripartite.journal.models import Entry
from tripartite.parties.services.issuers import update_issuer
from tripartite.subscriptions.services.ending import reduce_subscription

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = date(2026, 11, 23), date(2027, 11, 23), date(2028, 11, 23)
SIRET = billing.number_of("200039386")
OLD, NEW = 2000, 2200
"""What a mailbox costs a year, in cents, under each tariff."""


class Door(Protocol):
    """The acts of the story."""

    def bill(self, on: date) -> None: ...
    def pay(self, invoice: Invoice, cents: int, on: date) -> None: ...
    def credit(self, invoice: Invoice, cents: int, on: date) -> None: ...
    def order(self, on: date) -> None: ...
    def remind(self, invoice: Invoice, on: date) -> None: ...
    def read(self, file: Path, on: date) -> None: ...


def _at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)


class Services:
    """By the services themselves."""

    def bill(self, on: date) -> None:
        billing.billed(until=on, at=_at(on))

    def pay(self, invoice: Invoice, cents: int, on: date) -> None:
        said = {"payer": "", "reference": "", "actor": TESTER, "at": _at(on)}
        pay_invoice(invoice_id=invoice.pk, received_on=on, amount_cents=cents, **said)

    def credit(self, invoice: Invoice, cents: int, on: date) -> None:
        line = invoice.lines.get()
        said = {"reason": "Geste", "on": on, "actor": TESTER, "at": _at(on)}
        credit_lines(invoice_id=invoice.pk, amounts={line.pk: cents}, **said)

    def order(self, on: date) -> None:
        keys = list(Invoice.objects.values_list("pk", flat=True))
        order_revenue(issuer="lfn", invoice_ids=keys, on=on, actor=TESTER, at=_at(on))

    def remind(self, invoice: Invoice, on: date) -> None:
        remind_body(issuer="lfn", body_id=invoice.body_id, on=on, actor=TESTER, at=_at(on))

    def read(self, file: Path, on: date) -> None:
        read_return_file(issuer="lfn", name=file.name, content=file.read_bytes(), actor=TESTER, at=_at(on))


class Commands:
    """By the command line."""

    def bill(self, on: date) -> None:  # noqa: ARG002 - the clock says it
        assert main(["billing", "issue", "lfn", "--apply"]) == 0

    def pay(self, invoice: Invoice, cents: int, on: date) -> None:  # noqa: ARG002
        assert main(["billing", "pay", "lfn", f"{cents // 100},{cents % 100:02d}", "--invoice", invoice.number]) == 0

    def credit(self, invoice: Invoice, cents: int, on: date) -> None:  # noqa: ARG002
        part = f"{invoice.lines.get().pk}={cents // 100}"
        asked = ["billing", "credit", "lfn", invoice.number, "--line", part, "--reason", "Geste", "--apply"]
        assert main(asked) == 0

    def order(self, on: date) -> None:  # noqa: ARG002
        assert main(["billing", "slip", "lfn", "--apply"]) == 0

    def remind(self, invoice: Invoice, on: date) -> None:  # noqa: ARG002
        assert main(["billing", "remind", "lfn", "--apply"]) == 0

    def read(self, file: Path, on: date) -> None:  # noqa: ARG002
        assert main(["billing", "returns", "lfn", str(file), "--apply"]) == 0


class Screens(Services):
    """By the screens of an accountant, which log in each time: years go by. A return has no screen of its own here."""

    def __init__(self) -> None:
        self.account: Any = None

    def post(self, name: str, typed: dict[str, Any], *args: object) -> None:
        if self.account is None:
            self.account = accounts.account(role=Role.ACCOUNTANT, issuer_code="lfn")
        client = Client()
        client.force_login(self.account)
        assert client.post(reverse(name, args=args), typed).status_code == 302

    def bill(self, on: date) -> None:
        (one,) = billing.previewed(until=on)
        typed = {"until": on.isoformat(), "unit": f"{one.unit}={one.gross_cents}", "confirmed": "1"}
        self.post("billing-start", typed)
        billing.work(run_list("lfn")[0].job_id, at=_at(on))

    def pay(self, invoice: Invoice, cents: int, on: date) -> None:
        typed = {"made_on": invoice_mark(invoice), "amount": f"{cents // 100},{cents % 100:02d}", "received_on": on}
        self.post("invoice-pay", typed, invoice.pk)

    def credit(self, invoice: Invoice, cents: int, on: date) -> None:  # noqa: ARG002
        typed = {f"line-{invoice.lines.get().pk}": str(cents // 100), "reason": "Geste", "confirmed": "1"}
        self.post("invoice-credit", typed | {"made_on": invoice_mark(invoice)}, invoice.pk)

    def order(self, on: date) -> None:  # noqa: ARG002
        keys = list(Invoice.objects.values_list("pk", flat=True))
        self.post("slip-make", {"kind": "ordinary", "paper": keys, "confirmed": "1"})

    def remind(self, invoice: Invoice, on: date) -> None:
        self.post("reminder-start", {"body": invoice.body_id})
        last = last_reminding("lfn", KIND)
        assert last is not None
        billing.work(last.job.pk, at=_at(on))


@pytest.mark.parametrize("door", [Commands(), Screens(), Services()], ids=["commands", "screens", "services"])
def test_three_years_come_to_what_the_story_says(door: Door, tmp_path: Path) -> None:
    with time_machine.travel(_at(FIRST), tick=False) as clock:
        billing.ready(**SET)
        update_issuer(code="lfn", changes={"siret": SIRET}, actor=TESTER, at=_at(FIRST))
        mailboxes = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
        door.bill(FIRST)
        (first,) = billing.invoices()
        door.pay(first, 3000, FIRST)

        later = date(2027, 6, 1)
        clock.move_to(_at(later), tick=False)
        fewer = {"removed": 1, "on": later, "reason": "Courrier de la mairie"}
        reduce_subscription(subscription_id=mailboxes.pk, actor=TESTER, at=_at(later), **fewer)
        next_tariff()
        clock.move_to(_at(SECOND), tick=False)
        door.bill(SECOND)
        second = billing.invoices()[1]
        door.credit(second, 1000, SECOND)

        clock.move_to(_at(THIRD), tick=False)
        door.bill(THIRD)
        door.order(THIRD)
        file = tmp_path / "retour.xml"
        file.write_bytes(
            returned(piece(1, state="04", reasons="04", comment="Imputation")).replace(
                b'Exer V="2026"', b'Exer V="2028"'
            )
        )
        door.read(file, THIRD)
        door.remind(first, THIRD)

    asked = [4 * OLD, 3 * NEW, 3 * NEW]
    assert [one.gross_cents for one in billing.invoices()] == asked
    assert [one.gross_cents for one in CreditNote.objects.all()] == [1000]
    owed = [asked[0] - 3000, asked[1] - 1000, asked[2]]
    assert [one.owed_cents for one in billing.invoices()] == owed
    found = balance("lfn", on=THIRD)
    assert (found.gross, found.credited, found.paid, found.owed, found.overdue) == (
        sum(asked),
        1000,
        3000,
        sum(owed),
        owed[0] + owed[1],
    )
    assert [(one.number, one.amount_cents) for one in RevenueOrder.objects.all()] == list(enumerate(asked, start=1))
    assert RevenueSlip.objects.count() == 1
    told = Entry.objects.get(action="billing.returned")
    assert (told.subject_id, told.text) == (str(first.pk), "Titre 1/2028 : rejeté par le comptable — 04 ; Imputation")
    assert [(one.invoice.number, one.owed_cents) for one in Reminder.objects.select_related("invoice")] == [
        (one.number, cents) for one, cents in zip(billing.invoices()[:2], owed[:2], strict=True)
    ]
