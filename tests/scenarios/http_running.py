# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""Going live, what runs and its keys, as agents do it on their screens; costs are read from the API."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.scenarios.services_door import ServicesDoor
from tests.scenarios.services_keys import certificate_of
from tests.scenarios.setting import SOMEBODY
from tests.scenarios.story import Step
from tests.scenarios.telling import Refused
from tripartite.quotes.queries.requests import request_list
from tripartite.web.running.prices import written


class RunningScreens(ServicesDoor):
    """The screens of what follows a convention in force."""

    issuer: str

    def post(self, view: str, /, *arguments: object, query: str = "", **fields: Any) -> Any:
        """Send the form of a screen; raises Refused."""
        raise NotImplementedError

    def client(self) -> Client:
        """A browser where an agent is logged in."""
        raise NotImplementedError

    def set_going(self, step: Step, said: dict[str, Any]) -> Any:
        """Signing has opened what the convention sets going; a renewal is opened from the page of its file."""
        if "renews" in said:
            self.post("request-renew", self.telling.request.reference)
        else:
            super().set_going(step, said)

    def plan(self, step: Step, said: dict[str, Any]) -> Any:
        self.post(
            "activation-plan",
            self.activation(said["service"]).pk,
            planned_on=said.get("planned_on"),
            waiting_for=said.get("waiting_for", ""),
        )

    def settle_one(self, step: Step, said: dict[str, Any], one: Any) -> None:
        """An agent of the issuer whose step it is; of the CDG for those of the beneficiary."""
        self.issuer = "cdg62" if one.by == "beneficiary" else one.by
        try:
            if "waive" in said:
                self.post("step-waive", one.activation_id, one.pk, reason=said["waive"])
            else:
                self.post("step-settle", one.activation_id, one.pk, done_on=said.get("done_on", step.on))
        finally:
            self.issuer = "cdg62"

    def go_live(self, step: Step, said: dict[str, Any]) -> Any:
        fields = {"live_on": said.get("live_on", step.on), "note": ""}
        activation = self.activation(said["service"])
        ordered = activation.line.get("quantity", 1)
        if ordered != 1:
            fields["quantity"] = said.get("quantity", self.left(activation))
        self.post("activation-live", activation.pk, **fields)

    def reduce(self, step: Step, said: dict[str, Any]) -> Any:
        self.post(
            "subscription-reduce",
            self.subscription(said["service"]).pk,
            removed=said["by"],
            on=said.get("from", step.on),
            reason=said["reason"],
            confirmed="1",
        )

    def price_running(self, step: Step, said: dict[str, Any]) -> Any:
        line, self.issuer = self.on_request(step, said), said["issuer"]
        try:
            self.post(
                "price-give",
                body=line.body.pk,
                what=written(line.what),
                amount=f"{said['amount']}".replace(".", ","),
                since=said.get("since", ""),
                reason=said["reason"],
            )
        finally:
            self.issuer = "cdg62"

    def put_right(self, step: Step, said: dict[str, Any]) -> Any:
        change = self.going_live(said)
        self.post(
            "subscription-change",
            change.subscription_id,
            change.pk,
            on=said["day"],
            quantity=said["quantity"],
            reason=said["reason"],
            confirmed="1",
        )

    def end_service(self, step: Step, said: dict[str, Any]) -> Any:
        self.post(
            "subscription-end",
            self.subscription(said["service"]).pk,
            last_day=said.get("last_day", step.on),
            reason=said["reason"],
            confirmed="1",
        )

    def cost_of(self, body: Any, day: Any) -> dict[str, int]:
        answer = self.client().get(f"/api/v1/bodies/{body.siren}/cost", {"on": day.isoformat()})
        if answer.status_code != 200:
            raise Refused(answer.json()["error"]["message"])
        return {issuer: row["yearly_cents"] for issuer, row in answer.json()["totals"].items()}

    def due_of(self, body: Any, since: Any, until: Any) -> list[dict[str, Any]]:
        window = {"since": since.isoformat(), "until": until.isoformat()}
        answer = self.client().get(f"/api/v1/bodies/{body.siren}/due", window)
        if answer.status_code != 200:
            raise Refused(answer.json()["error"]["message"])
        return list(answer.json())

    def register_key(self, step: Step, said: dict[str, Any]) -> Any:
        self.post(
            "key-deposit",
            self.telling.body.siren,
            certificate=SimpleUploadedFile("certificat.pem", certificate_of(said)),
            holder_name=said.get("holder", SOMEBODY),
            holder_function=said.get("function", "Maire"),
            stands_for=f"mise-en-service:{self.activation(said['service']).pk}",
        )

    def hand_over(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("key-hand-over", self.key(said["service"]).pk, on=step.on, handing=said.get("where", "cdg"))

    def renew_key(self, step: Step, said: dict[str, Any]) -> Any:
        self.post("key-renew", self.key(said["service"]).pk)
        self.telling.add(request_list().first(), said["as"])
