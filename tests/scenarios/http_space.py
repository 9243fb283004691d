# ruff: noqa: ARG002 - every verb of a story takes the same arguments
"""The beneficiary's own space, as a story goes through it: in by a link, an answer, a code, a signature."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.scenarios.services_door import ServicesDoor, person_of
from tests.scenarios.setting import TELLER
from tests.scenarios.story import Step, StoryError
from tests.scenarios.telling import Refused
from tripartite.accounts.services.links import create_access_link
from tripartite.messages.models import Message

CODE = re.compile(r"^\d{6}$", re.MULTILINE)


class SpaceScreens(ServicesDoor):
    """What is done without an account, by who received a link."""

    def enter(self, step: Step, email: str) -> Client:
        """A browser in the file, by a link to that address."""
        if not email:
            raise StoryError(
                "à cette porte il faut une adresse électronique : contact de la demande, ou « signatory »."
            )
        token = create_access_link(request_id=self.telling.request.pk, email=email, actor=TELLER, at=step.at)
        client = Client()
        client.post(reverse("space-link", args=[token]))
        return client

    def accept_online(self, step: Step, said: dict[str, Any]) -> None:
        asked, signer = self.telling.request, person_of(said)
        numbers = [quote.number for quote in list(asked.versions.all())[-1].quotes.all()]
        if "only" in said:
            numbers = [self.number(said["only"])]
        fields = {"numbers": ",".join(numbers), "name": signer.name, "function": signer.function, "consent": "on"}
        fields["explanation"] = said.get("explanation", "")
        client = self.enter(step, asked.contact_email)
        self.read(client.post(reverse("space-accept"), fields, follow=True))

    def sign_here(self, step: Step, said: dict[str, Any], signatory: Any) -> None:
        client, key = self.enter(step, signatory.email), signatory.convention_id
        self.read(client.post(reverse("space-code", args=[key]), follow=True))
        letter = Message.objects.filter(kind="convention.code").order_by("-pk").first()
        code = CODE.search(letter.text) if letter else None
        if code is None:
            raise Refused("aucun code n'est arrivé")
        fields = {"signatory": signatory.pk, "code": code[0], "consent": "on"}
        self.read(client.post(reverse("space-sign", args=[key]), fields, follow=True))

    def read(self, page: Any) -> Any:
        """What the page says; raises Refused."""
        raise NotImplementedError
