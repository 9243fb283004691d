"""What is billed in a story, told through the services: runs, credit notes, payments, titles, rejects, reminders."""

from typing import Any

from tests.billing.pes.returns import piece, returned
from tests.factories.billing import IBAN
from tests.factories.revenue import SET
from tests.scenarios.story import Step, StoryError
from tests.scenarios.telling import Refused, Telling, cents
from tripartite.billing.models import Invoice
from tripartite.billing.queries.invoices import to_order
from tripartite.billing.services.crediting import credit_lines
from tripartite.billing.services.ordering import order_revenue
from tripartite.billing.services.paying import pay_invoice
from tripartite.billing.services.reminding import remind_body
from tripartite.billing.services.returning import read_return_file
from tripartite.billing.services.running import bill_now
from tripartite.billing.services.settings import set_billing
from tripartite.billing.states import Unsendable
from tripartite.parties.queries.bodies import issuer_by_code

BANK = {"iban": IBAN, "bic": "BDFEFRPPCCT", "accountant_name": "SGC d'essai", "vat_number": "FR25200039386"}


class BillingVerbs:
    """The verbs of a story once something is billed. A door may do them by its own screens or commands."""

    telling: Telling

    def done(self, step: Step) -> dict[str, Any]:
        raise NotImplementedError

    def set_billing(self, step: Step, said: dict[str, Any]) -> Any:
        """Set an issuer to bill from that day on: at every door, by the service."""
        changes = SET | BANK | {"first_billed_on": step.on}
        set_billing(issuer=said["issuer"], changes=changes, applies_on=step.on, **self.done(step))

    def bill(self, step: Step, said: dict[str, Any]) -> Any:
        for one in bill_now(issuer=said["issuer"], until=step.on, on=step.on, **self.done(step)):
            if one.failed:
                raise Refused(one.outcome)

    def invoice(self, said: dict[str, Any]) -> Invoice:
        """The invoice that is named, else the last one of the body by that issuer."""
        own = Invoice.objects.filter(issuer=said["issuer"], body=self.telling.body)
        found = (
            own.filter(number=said["invoice"]) if "invoice" in said else own.order_by("-fiscal_year", "-rank")
        ).first()
        if found is None:
            raise StoryError("Cette facture n'existe pas : « bill » l'émet.")
        return found

    def pay(self, step: Step, said: dict[str, Any]) -> Any:
        pay_invoice(
            invoice_id=self.invoice(said).pk, received_on=step.on, amount_cents=cents(said["amount"]), **self.done(step)
        )

    def credit_line(self, step: Step, said: dict[str, Any]) -> Any:
        invoice = self.invoice(said)
        amounts = {self.line_of(invoice, said).pk: cents(said["amount"])}
        credit_lines(invoice_id=invoice.pk, amounts=amounts, reason=said["reason"], on=step.on, **self.done(step))

    def line_of(self, invoice: Invoice, said: dict[str, Any]) -> Any:
        """The line of a service, in the order of the invoice."""
        found = invoice.lines.filter(service=said["service"]).first()
        if found is None:
            raise StoryError(f"« {said['service']} » n'est pas sur la facture {invoice.number}.")
        return found

    def order_titles(self, step: Step, said: dict[str, Any]) -> Any:
        """A slip of all that waits for its title."""
        invoices, _ = to_order(said["issuer"])
        keys = [one.pk for one in invoices]
        order_revenue(
            issuer=said["issuer"], invoice_ids=keys, on=step.on, unsendable=Unsendable.BY_TABLE, **self.done(step)
        )

    def reject_title(self, step: Step, said: dict[str, Any]) -> Any:
        """The accountant rejects a title: its file is read."""
        read_return_file(
            issuer=said["issuer"], name="retour.xml", content=self.rejection(step, said), **self.done(step)
        )

    def rejection(self, step: Step, said: dict[str, Any]) -> bytes:
        """The file that rejects a title of the year."""
        issuer = issuer_by_code(said["issuer"])
        assert issuer is not None
        told = piece(said["title"], state="04", reasons=said["code"], comment=said["comment"])
        file = returned(told, siret=issuer.siret or "")
        return file.replace(b'Exer V="2026"', f'Exer V="{step.on.year}"'.encode())

    def remind(self, step: Step, said: dict[str, Any]) -> Any:
        remind_body(issuer=said["issuer"], body_id=self.telling.body.pk, on=step.on, **self.done(step))
