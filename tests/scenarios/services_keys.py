"""Keys and visits, told through the services: a certificate deposited, handed over, renewed; help given by an agent."""

from datetime import datetime, time
from typing import Any

from tests.documents.certificate_files import certificate
from tests.factories.accounts import account
from tests.scenarios.setting import SOMEBODY
from tests.scenarios.story import PARIS, Step, StoryError
from tests.scenarios.telling import Telling, cents
from tripartite.accounts.queries import account_by_email
from tripartite.following.services.charges import GivenPrice
from tripartite.following.services.interventions import Subject, record_intervention
from tripartite.going_live.models import SignatureKey
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import hand_over_key, register_key

AGENT = "agent@cdg62.exemple.fr"


class KeyVerbs:
    """The verbs of a story about keys and interventions. A door may do them by its own screens."""

    telling: Telling

    def done(self, step: Step) -> dict[str, Any]:
        raise NotImplementedError

    def activation(self, service: str) -> Any:
        raise NotImplementedError

    def subscription(self, service: str) -> Any:
        raise NotImplementedError

    def register_key(self, step: Step, said: dict[str, Any]) -> Any:
        """Deposit the certificate of a key made for a line to set going."""
        register_key(
            body_id=self.telling.body.pk,
            holder_name=said.get("holder", SOMEBODY),
            holder_function=said.get("function", "Maire"),
            content=certificate_of(said),
            activation_id=self.activation(said["service"]).pk,
            **self.done(step),
        )

    def key(self, service: str) -> Any:
        """The last key of a service."""
        found = [
            one
            for one in SignatureKey.objects.select_related("activation", "subscription").order_by("pk")
            if service in (one.activation and one.activation.service, one.subscription and one.subscription.service)
        ]
        if not found:
            raise StoryError(f"aucune clé « {service} » : « register-key » l'inscrit au registre.")
        return found[-1]

    def hand_over(self, step: Step, said: dict[str, Any]) -> Any:
        where = said.get("where", "cdg")
        hand_over_key(key_id=self.key(said["service"]).pk, on=step.on, handing=where, **self.done(step))

    def renew_key(self, step: Step, said: dict[str, Any]) -> Any:
        request = renew_key(key_id=self.key(said["service"]).pk, **self.done(step))
        self.telling.add(request, said["as"])

    def visit(self, step: Step, said: dict[str, Any]) -> Any:
        """An intervention of an agent of the CDG, done that day; `charged`: what the grid makes due because of it."""
        agent = account_by_email(AGENT) or account(issuer_code="cdg62", email=AGENT, name="Agent")
        price = None
        if "amount" in said:
            price = GivenPrice("cdg62", cents(said["amount"]), said.get("reason", ""))
        subject = Subject(
            body_id=self.telling.body.pk,
            kind=said.get("kind", "help"),
            agent_id=agent.pk,
            service=said.get("service", ""),
            subscription_id=self.subscription(said["service"]).pk if said.get("charged") else None,
        )
        record_intervention(
            subject=subject,
            done_on=step.on,
            minutes=said["minutes"],
            note=said.get("note", ""),
            charged=said.get("charged", False),
            price=price,
            **self.done(step),
        )


def certificate_of(said: dict[str, Any]) -> bytes:
    """A certificate valid from the first to the last day that a step says."""
    start, end = (
        datetime.combine(said["first"], time(9), PARIS),
        datetime.combine(said["last"], time(23, 59, 59), PARIS),
    )
    return certificate(name=said.get("holder", SOMEBODY), start=start, end=end)
