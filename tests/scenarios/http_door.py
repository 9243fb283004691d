# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""The third door: HTTP. The API estimates, the screens act for agents and beneficiaries; the services do the rest."""

import html
import json
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import account
from tests.scenarios.certificate import signed_outside
from tests.scenarios.http_billing import BillingScreens
from tests.scenarios.http_running import RunningScreens
from tests.scenarios.http_space import SpaceScreens
from tests.scenarios.services_door import ORIGINAL, SCAN, act_of, person_of
from tests.scenarios.story import Step
from tests.scenarios.telling import Refused, Telling, order_of
from tripartite.accounts.queries import account_by_email
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.services.ending import rules_of
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.endings import Moment
from tripartite.quotes.queries.requests import estimate_request, request_by_reference
from tripartite.quotes.services.issuing import estimate_digest
from tripartite.web.estimator.selection import order_query

WITHOUT_FAULT = (Moment.NOTICE, Moment.DUE_DATE)

SUMMARY = re.compile(r'class="error-summary".*?</div>', re.DOTALL)
ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
LABEL = re.compile(r"^[^:]{1,60} : ")
TAG = re.compile(r"<[^>]+>")


class HttpDoor(SpaceScreens, RunningScreens, BillingScreens):
    """Everything that a screen does, done by its form."""

    name = "http"

    def __init__(self, telling: Telling) -> None:
        super().__init__(telling)
        self.issuer = "cdg62"

    def client(self) -> Client:
        """A browser where an agent of the issuer is logged in; sessions end between two days."""
        email = f"agent@{self.issuer}.exemple.fr"
        client = Client()
        client.force_login(account_by_email(email) or account(issuer_code=self.issuer, email=email, name="Agent"))
        return client

    def post(self, view: str, /, *arguments: object, query: str = "", **fields: Any) -> Any:
        """Send the form of a screen. Raises Refused with what the next page says is wrong."""
        address = reverse(view, args=arguments) + (f"?{query}" if query else "")
        return self.read(self.client().post(address, _filled(fields), follow=True))

    def read(self, page: Any) -> Any:
        return read_refusals(page)

    def estimate(self, step: Step, said: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(self.payload(step, said))
        answer = Client().post("/api/v1/estimates", body, content_type="application/json")
        told: dict[str, Any] = answer.json()
        if answer.status_code != 200:
            raise Refused(told["error"]["message"])
        return told

    def ask(self, step: Step, said: dict[str, Any]) -> Any:
        query = order_query(_answered(order_of(said)), self.telling.body.siren, offer=said.get("offer", ""))
        if query is None:
            super().ask(step, said)
            return
        self.estimate(step, said)  # the estimator's screen shows the same refusal, and has no form to send
        fields = {
            **said.get("contact", {}),
            "note": said.get("note", ""),
            "token": f"recit-{step.place}",
            "twice": "on",
        }
        if said.get("issue"):
            fields["issue"] = "1"
        page = self.post("request-new", query=query, **fields)
        reference = page.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[-1]
        self.telling.add(request_by_reference(reference))

    def price(self, step: Step, said: dict[str, Any]) -> Any:
        amount, self.issuer = f"{said['amount']}".replace(".", ","), said["issuer"]
        try:
            self.post(
                "request-price",
                self.telling.request.reference,
                fingerprint=self.line(step, said).fingerprint,
                amount=amount,
                reason=said.get("reason", ""),
            )
        finally:
            self.issuer = "cdg62"

    def issue(self, step: Step, said: dict[str, Any]) -> Any:
        found = estimate_request(self.telling.request, on=step.on)
        seen = estimate_digest(found) if found.estimate else ""
        self.post("request-issue", self.telling.request.reference, seen=seen)

    def revise(self, step: Step, said: dict[str, Any]) -> Any:
        self.estimate(step, said)
        query = order_query(_answered(order_of(said)), self.telling.body.siren) or ""
        fields = {"reason": said.get("reason", "")}
        if self.asks_to_confirm("request-revise", self.telling.request.reference, query=query):
            fields["confirmed"] = "on"
        self.post("request-revise", self.telling.request.reference, query=query, **fields)

    def asks_to_confirm(self, view: str, /, *arguments: object, query: str) -> bool:
        """Whether the screen, before its form is sent, has a box to tick for who means it."""
        page = self.client().get(f"{reverse(view, args=arguments)}?{query}")
        return 'name="confirmed"' in page.content.decode()

    def cancel(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("request-cancel", self.telling.request.reference, reason=said.get("reason", ""))

    def duplicate(self, step: Step, said: dict[str, Any]) -> Any:
        page = self.post("request-duplicate", self.telling.request.reference)
        reference = page.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[-1]
        self.telling.add(request_by_reference(reference), said["as"])

    def accept(self, step: Step, said: dict[str, Any]) -> Any:
        """On paper: an agent writes it down, then says by which act. Online: the beneficiary, in its own space."""
        if said["way"] == "online":
            self.accept_online(step, said)
            return
        signer = person_of(said)
        self.post(
            "request-accept",
            self.telling.request.reference,
            person=signer.name,
            function=signer.function,
            answered_on=said.get("signed_on", step.on),
            scan=_file(SCAN),
            only=self.number(said["only"]) if "only" in said else "",
            explanation=said.get("explanation", ""),
        )
        act = self.known_act(step, said)
        if act is not None:
            self.post("request-justify", self.telling.request.reference, mandate=act)

    def refuse(self, step: Step, said: dict[str, Any]) -> Any:
        signer = person_of(said)
        self.post(
            "request-refuse",
            self.telling.request.reference,
            person=signer.name,
            function=signer.function,
            answered_on=said.get("signed_on", step.on),
            reason=said["reason"],
        )

    def record_act(self, step: Step, said: dict[str, Any]) -> Any:
        if said["party"] == "beneficiary":
            self.post("body-mandates", self.telling.body.siren, **act_of(said))
            return
        self.issuer = said["party"]
        try:
            self.post("own-mandates", **act_of(said))
        finally:
            self.issuer = "cdg62"

    def end_act(self, step: Step, said: dict[str, Any]) -> Any:
        act = self.telling.act(said["number"])
        self.post("mandate-end", act.pk, last_day=said["last_day"], reason=said["reason"])

    def justify(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("request-justify", self.telling.request.reference, mandate=self.telling.act(said["number"]).pk)

    def declare(self, step: Step, said: dict[str, Any]) -> Any:
        self.post(
            "body-figure",
            self.telling.body.siren,
            measure=f"{said['measure']}:{said['counted']}",
            value=said["value"],
            year=said.get("year", ""),
            declared_by=said["declared_by"],
        )

    def prepare(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("convention-draft", self.telling.request.reference, parent=self.amended(said) or "")

    def signatory(self, step: Step, said: dict[str, Any]) -> Any:
        one, given = self.telling.signatory(said["party"]), self.signatory_of(said)
        given["mandate"] = given.pop("mandate_id") or ""
        self.issuer = "cdg62" if one.role == "beneficiary" else one.role
        try:
            self.post("signatory", one.convention_id, one.pk, **given)
        finally:
            self.issuer = "cdg62"

    def term(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("convention-term", self.telling.prepared.pk, **self.term_of(said))

    def changes(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("convention-changes", self.telling.prepared.pk, changes="\n".join(said["lines"]))

    def send(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("convention-send", self.telling.prepared.pk)

    def sign_paper(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        self.sign_by_form(
            "sign-on-paper",
            signatory,
            signed_on=said.get("signed_on", step.on),
            scan=_file(SCAN),
            original_place=said.get("original_place", ORIGINAL),
        )

    def sign_outside(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        self.sign_by_form(
            "sign-outside", signatory, pdf=_file(signed_outside(self.latest_paper(), signatory, at=step.at))
        )

    def sign_by_form(self, view: str, /, signatory: Any, **fields: Any) -> None:
        """An agent records the beneficiary's signature, or that of its own issuer."""
        self.issuer = "cdg62" if signatory.role == "beneficiary" else signatory.role
        try:
            self.post(view, signatory.convention_id, signatory.pk, **fields)
        finally:
            self.issuer = "cdg62"

    def abandon(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("convention-abandon", self.telling.prepared.pk, reason=said["reason"])

    def denounce(self, step: Step, said: dict[str, Any]) -> Any:
        self.end(step, said, "refusal-to-renew")

    def terminate(self, step: Step, said: dict[str, Any]) -> Any:
        self.end(step, said, said.get("ground") or self.usual_ground(said))

    def usual_ground(self, said: dict[str, Any]) -> str:
        role = self.role_of(said)
        return next(one.key for one in rules_of(self.telling.prepared) if role in one.by and one.at in WITHOUT_FAULT)

    def end(self, step: Step, said: dict[str, Any], ground: str) -> None:
        """What it does is shown first, then it is confirmed."""
        given = self.end_of(step, said) | {"ground": ground, "party": self.role_of(said)}
        given["formal_on"] = said.get("formal_on") or ""
        key = given.pop("convention_id")
        self.post("convention-end", key, **given)
        self.post("convention-end", key, confirmed="1", **given)

    def annul(self, step: Step, said: dict[str, Any]) -> Any:
        ending = endings_of(self.telling.prepared.pk)[-1]
        self.post("ending-annul", ending.convention_id, ending.pk, reason=said["reason"])

    def role_of(self, said: dict[str, Any]) -> str:
        """The role that the screen's list has for who is named."""
        codes = {name: issuer.code for issuer in issuers() for name in (issuer.code, issuer.name, issuer.short_name)}
        return codes.get(said["party"], "beneficiary")


def read_refusals(page: Any) -> Any:
    """The page that answered a form. Raises Refused with every error that it says, in words."""
    if page.status_code >= 400 and page.status_code != 422:
        raise Refused(f"l'écran répond {page.status_code}")
    text = page.content.decode()
    said = [_words(item) for summary in SUMMARY.findall(text) for item in ITEM.findall(summary)]
    said += [str(message) for message in (page.context or {}).get("messages", ()) if message.level_tag == "error"]
    if said:
        raise Refused(*said, *(LABEL.sub("", sentence) for sentence in said))
    if page.status_code == 422:
        raise Refused("l'écran refuse sans dire pourquoi")
    return page


def _words(piece: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", piece)).split())


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: "" if value is None else value for name, value in fields.items()}


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("copie.pdf", content, content_type="application/pdf")


def _answered(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the answer that the screen asks for where something is held: nothing of it is set up already."""
    return {**order, "set_up": []} if order["in_service"] else order
