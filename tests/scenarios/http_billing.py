# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""The third door, for what is billed: the screens of an accountant."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import billing
from tests.factories.accounts import account
from tests.scenarios.services_door import ServicesDoor
from tests.scenarios.story import Step
from tests.scenarios.telling import Refused
from tripartite.accounts.queries import account_by_email
from tripartite.accounts.rights import Role
from tripartite.billing.queries.invoices import run_list, to_order
from tripartite.billing.queries.reminding import last_reminding
from tripartite.billing.queries.seen import invoice_mark
from tripartite.billing.services.issuing import shown_cents
from tripartite.billing.services.reminding import KIND


class BillingScreens(ServicesDoor):
    """What an accountant does of its own issuer."""

    def read(self, page: Any) -> Any:
        """What a page refused; raises Refused."""
        raise NotImplementedError

    def as_accountant(self, issuer: str, view: str, /, *arguments: object, **fields: Any) -> Any:
        """Send the form of an accountant's screen; sessions end between two days. Raises Refused."""
        email, client = f"accountant@{issuer}.exemple.fr", Client()
        known = account_by_email(email) or account(role=Role.ACCOUNTANT, issuer_code=issuer, email=email)
        client.force_login(known)
        return self.read(client.post(reverse(view, args=arguments), fields, follow=True))

    def bill(self, step: Step, said: dict[str, Any]) -> Any:
        issuer = said["issuer"]
        seen = [f"{one.unit}={shown_cents(one)}" for one in billing.previewed(issuer, until=step.on)]
        if not seen:
            return None
        self.as_accountant(issuer, "billing-start", until=step.on.isoformat(), unit=seen, confirmed="1")
        run = run_list(issuer)[0]
        assert run.job_id is not None
        billing.work(run.job_id, at=step.at)
        for state, outcome in billing.outcomes(run).values():
            if state == "failed":
                raise Refused(outcome)

    def pay(self, step: Step, said: dict[str, Any]) -> Any:
        invoice = self.invoice(said)
        amount = f"{said['amount']}".replace(".", ",")
        mark = invoice_mark(invoice)
        self.as_accountant(said["issuer"], "invoice-pay", invoice.pk, made_on=mark, amount=amount, received_on=step.on)

    def credit_line(self, step: Step, said: dict[str, Any]) -> Any:
        invoice = self.invoice(said)
        amounts = {f"line-{self.line_of(invoice, said).pk}": f"{said['amount']}".replace(".", ",")}
        typed = amounts | {"reason": said["reason"], "confirmed": "1", "made_on": invoice_mark(invoice)}
        self.as_accountant(said["issuer"], "invoice-credit", invoice.pk, **typed)

    def order_titles(self, step: Step, said: dict[str, Any]) -> Any:
        invoices, _ = to_order(said["issuer"])
        keys = [one.pk for one in invoices]
        self.as_accountant(
            said["issuer"], "slip-make", kind="ordinary", paper=keys, confirmed="1", unsendable="by-table"
        )

    def reject_title(self, step: Step, said: dict[str, Any]) -> Any:
        file = SimpleUploadedFile("retour.xml", self.rejection(step, said))
        self.as_accountant(said["issuer"], "return-read", file=file)

    def remind(self, step: Step, said: dict[str, Any]) -> Any:
        self.as_accountant(said["issuer"], "reminder-start", body=self.telling.body.pk)
        last = last_reminding(said["issuer"], KIND)
        assert last is not None
        billing.work(last.job.pk, at=step.at)
