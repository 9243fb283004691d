# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""The first door: each step is a verb of the services, the day and the hour given as arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.scenarios.certificate import signed_outside
from tests.scenarios.services_billing import BillingVerbs
from tests.scenarios.services_keys import KeyVerbs
from tests.scenarios.services_running import RunningVerbs
from tests.scenarios.setting import SOMEBODY, TELLER
from tests.scenarios.story import Step, StoryError
from tests.scenarios.telling import Refused, Telling, cents, order_of
from tripartite.billing.services.errors import BillingError
from tripartite.conventions.queries.conventions import current_document_id
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.services.drafting import (
    abandon_convention,
    draft_convention,
    set_changes,
    set_signatory,
    set_term,
)
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import (
    CONSENT,
    Consent,
    sign_here,
)
from tripartite.documents.queries import pdf_of
from tripartite.going_live.services import signing
from tripartite.parties.queries.mandates import mandates_of, what_mandate_lacks
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure
from tripartite.parties.services.mandates import end_mandate, record_mandate
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.estimating import estimate_order
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.services.answers import Person, accept_quotes, justify_acceptance, refuse_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.on_request import price_on_request_line
from tripartite.quotes.services.requests import (
    Contact,
    cancel_request,
    create_request,
    duplicate_request,
    revise_request,
)
from tripartite.subscriptions.services import leaving
from tripartite.subscriptions.services.errors import SubscriptionError

SCAN = b"%PDF-1.4 copie"
ORIGINAL = "Secrétariat du CDG 62"


@contextmanager
def refusals() -> Iterator[None]:
    """What the services refuse, told in the one way that doors share."""
    try:
        yield
    except FieldErrors as errors:
        raise Refused(*errors.fields.values()) from None
    except OrderError as error:
        raise Refused(error.message) from None
    except (QuoteError, ConventionError, SubscriptionError, BillingError) as error:
        raise Refused(str(error)) from None


class ServicesDoor(RunningVerbs, KeyVerbs, BillingVerbs):
    """Every verb of a story. The other doors take its verbs where they have none of their own."""

    name = "services"

    def __init__(self, telling: Telling) -> None:
        self.telling = telling

    def act(self, step: Step) -> dict[str, Any] | None:
        """Do a step. Answers the estimate that the door showed, if it did. Raises Refused."""
        verb = getattr(self, step.do.replace("-", "_"))
        with refusals():
            answer: dict[str, Any] | None = verb(step, step.said)
        return answer

    def done(self, step: Step) -> dict[str, Any]:
        """Who does it and when, as every service asks."""
        return {"actor": TELLER, "at": step.at}

    def payload(self, step: Step, said: dict[str, Any]) -> dict[str, Any]:
        beneficiary = {"siren": self.telling.body.siren, **said.get("beneficiary", {})}
        asked = {"offer": said["offer"]} if "offer" in said else {}
        return {"beneficiary": beneficiary, **order_of(said), **asked}

    def estimate(self, step: Step, said: dict[str, Any]) -> dict[str, Any]:
        return estimate_order(self.payload(step, said), today=step.on).as_json()

    def ask(self, step: Step, said: dict[str, Any]) -> Any:
        made = create_request(
            beneficiary_id=self.telling.body.pk,
            order=order_of(said),
            contact=contact_of(said),
            origin="agent",
            note=said.get("note", ""),
            offer=said.get("offer", ""),
            **self.done(step),
        )
        self.telling.add(made)
        if said.get("issue"):
            issue_quotes(request_id=made.pk, **self.done(step))

    def price(self, step: Step, said: dict[str, Any]) -> Any:
        price_on_request_line(
            request_id=self.telling.request.pk,
            fingerprint=self.line(step, said).fingerprint,
            amount_cents=cents(said["amount"]),
            reason=said.get("reason", ""),
            issuer=said["issuer"],
            **self.done(step),
        )

    def line(self, step: Step, said: dict[str, Any]) -> Any:
        """The line that a step prices, on request."""
        for item in estimate_request(self.telling.request, on=step.on).lines:
            line = item.line
            if (line.service, line.status) == (said["service"], "on_request") and line.charge == said.get(
                "charge", line.charge
            ):
                return item
        raise StoryError(f"aucune ligne sur devis pour « {said['service']} ».")

    def issue(self, step: Step, said: dict[str, Any]) -> Any:
        issue_quotes(request_id=self.telling.request.pk, **self.done(step))

    def revise(self, step: Step, said: dict[str, Any]) -> Any:
        revise_request(
            request_id=self.telling.request.pk,
            order=order_of(said),
            reason=said.get("reason", ""),
            **self.done(step),
        )

    def cancel(self, step: Step, said: dict[str, Any]) -> Any:
        cancel_request(request_id=self.telling.request.pk, reason=said.get("reason", ""), **self.done(step))

    def duplicate(self, step: Step, said: dict[str, Any]) -> Any:
        copy = duplicate_request(request_id=self.telling.request.pk, **self.done(step))
        self.telling.add(copy, said["as"])

    def accept(self, step: Step, said: dict[str, Any]) -> Any:
        accept_quotes(
            request_id=self.telling.request.pk,
            person=person_of(said),
            way=way_of(said, ("online", "paper")),
            answered_on=said.get("signed_on", step.on),
            numbers={self.number(said["only"])} if "only" in said else None,
            explanation=said.get("explanation", ""),
            scan=SCAN if said["way"] == "paper" else None,
            mandate_id=self.known_act(step, said),
            **self.done(step),
        )

    def number(self, issuer: str) -> str:
        """The number of an issuer's quote, in the last version."""
        quotes_in_hand = list(self.telling.request.versions.all())[-1].quotes.all()
        return str(next(quote.number for quote in quotes_in_hand if quote.issuer == issuer))

    def known_act(self, step: Step, said: dict[str, Any]) -> int | None:
        """The act of the beneficiary that empowers that person on the day, if it is recorded."""
        signer, day = person_of(said), said.get("signed_on", step.on)
        for act in mandates_of(body_id=self.telling.body.pk):
            if act.person == signer.name and not what_mandate_lacks(act, on=day):
                return int(act.pk)
        return None

    def refuse(self, step: Step, said: dict[str, Any]) -> Any:
        refuse_quotes(
            request_id=self.telling.request.pk,
            person=person_of(said),
            reason=said["reason"],
            way="paper",
            answered_on=said.get("signed_on", step.on),
            **self.done(step),
        )

    def record_act(self, step: Step, said: dict[str, Any]) -> Any:
        party = said["party"]
        holder = {"body_id": self.telling.body.pk} if party == "beneficiary" else {"issuer": party}
        record_mandate(**holder, **act_of(said), **self.done(step))

    def end_act(self, step: Step, said: dict[str, Any]) -> Any:
        act = self.telling.act(said["number"])
        end_mandate(mandate_id=act.pk, last_day=said["last_day"], reason=said["reason"], **self.done(step))

    def justify(self, step: Step, said: dict[str, Any]) -> Any:
        act = self.telling.act(said["number"])
        justify_acceptance(request_id=self.telling.request.pk, mandate_id=act.pk, **self.done(step))

    def declare(self, step: Step, said: dict[str, Any]) -> Any:
        declare_figure(body_id=self.telling.body.pk, **figure_of(said), **self.done(step))

    def prepare(self, step: Step, said: dict[str, Any]) -> Any:
        parent = self.amended(said)
        draft_convention(request_id=self.telling.request.pk, parent_id=parent, **self.done(step))

    def amended(self, said: dict[str, Any]) -> int | None:
        """The convention that an amendment changes: that of the file which the step names."""
        if "amends" not in said:
            return None
        elsewhere = Telling(self.telling.body, self.telling.files, said["amends"])
        return int(elsewhere.prepared.pk)

    def signatory(self, step: Step, said: dict[str, Any]) -> Any:
        one, given = self.telling.signatory(said["party"]), self.signatory_of(said)
        set_signatory(signatory_id=one.pk, **given, **self.done(step))

    def signatory_of(self, said: dict[str, Any]) -> dict[str, Any]:
        """All that is said of a signatory once the step has changed some of it."""
        one = self.telling.signatory(said["party"])
        given = {name: said.get(name, getattr(one, name)) for name in ("name", "function", "email", "phone")}
        act = self.telling.act(said["number"], said["party"]).pk if "number" in said else one.mandate_id
        return given | {"mandate_id": act}

    def term(self, step: Step, said: dict[str, Any]) -> Any:
        set_term(convention_id=self.telling.prepared.pk, **self.term_of(said), **self.done(step))

    def term_of(self, said: dict[str, Any]) -> dict[str, Any]:
        present = self.telling.prepared
        names = ("years", "tacit_renewals", "notice_months", "due_on")
        return {name: said.get(name, getattr(present, name)) for name in names}

    def changes(self, step: Step, said: dict[str, Any]) -> Any:
        text = "\n".join(said["lines"])
        set_changes(convention_id=self.telling.prepared.pk, changes=text, **self.done(step))

    def send(self, step: Step, said: dict[str, Any]) -> Any:
        send_convention(convention_id=self.telling.prepared.pk, **self.done(step))

    def sign(self, step: Step, said: dict[str, Any]) -> Any:
        way = way_of(said, ("paper", "here", "outside"))
        roles = said["party"] if isinstance(said["party"], list) else [said["party"]]
        for role in roles:
            getattr(self, f"sign_{way}")(step, said, self.telling.signatory(role))

    def sign_paper(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        signing.sign_on_paper(
            signatory_id=signatory.pk,
            signed_on=said.get("signed_on", step.on),
            scan=SCAN,
            original_place=said.get("original_place", ORIGINAL),
            **self.done(step),
        )

    def sign_here(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        words = CONSENT.format(number=self.telling.prepared.number, party=signatory.role)
        consent = Consent(words, signatory.email, "192.0.2.1", "récit")
        sign_here(signatory_id=signatory.pk, consent=consent, **self.done(step))

    def sign_outside(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        pdf = signed_outside(self.latest_paper(), signatory, at=step.at)
        signing.sign_outside(signatory_id=signatory.pk, pdf=pdf, **self.done(step))

    def latest_paper(self) -> bytes:
        """The last revision of the convention, or nothing worth signing before it is sent."""
        document_id = current_document_id(self.telling.prepared)
        return pdf_of(document_id) if document_id else SCAN

    def abandon(self, step: Step, said: dict[str, Any]) -> Any:
        key = self.telling.prepared.pk
        abandon_convention(convention_id=key, reason=said["reason"], **self.done(step))

    def denounce(self, step: Step, said: dict[str, Any]) -> Any:
        leaving.denounce(**self.end_of(step, said), **self.done(step))

    def terminate(self, step: Step, said: dict[str, Any]) -> Any:
        more = {name: said.get(name) for name in ("ground", "formal_on")}
        leaving.terminate(**self.end_of(step, said), **more, **self.done(step))

    def annul(self, step: Step, said: dict[str, Any]) -> Any:
        ending = endings_of(self.telling.prepared.pk)[-1]
        leaving.come_back(ending_id=ending.pk, reason=said["reason"], **self.done(step))

    def end_of(self, step: Step, said: dict[str, Any]) -> dict[str, Any]:
        received = said.get("received_on", step.on)
        key = self.telling.prepared.pk
        return {"convention_id": key, "received_on": received, "party": said["party"], "reason": said["reason"]}


def contact_of(said: dict[str, Any]) -> Contact:
    return Contact(**said.get("contact", {}))


def person_of(said: dict[str, Any]) -> Person:
    return Person(said.get("person", SOMEBODY), said.get("function", "Maire"))


def act_of(said: dict[str, Any]) -> dict[str, Any]:
    """An act as the service takes it: a deliberation of the conseil municipal unless it says otherwise."""
    usual = {"person": SOMEBODY, "function": "Maire", "act": "deliberation", "organ": "Conseil municipal", "number": ""}
    return usual | {name: value for name, value in said.items() if name not in ("party", "file")}


def figure_of(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "file"}


def way_of(said: dict[str, Any], known: tuple[str, ...]) -> str:
    way = str(said["way"])
    if way not in known:
        raise StoryError(f"« way = {way} » n'existe pas : {', '.join(known)}.")
    return way
