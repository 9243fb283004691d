"""Coming into the space of a beneficiary, and what is done there."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tripartite.accounts.services.links import create_access_link
from tripartite.messages.queries import message_by_id, message_list

AT = quotes.AT


EMAIL = "mairie@exemple.fr"


MAYOR = {"name": "Prénom NOM", "function": "Maire"}


SCAN = b"%PDF-1.4 copie"


def last_message():
    return message_by_id(message_list().first().pk)


def link_in(message):
    """The path of the link that a message carries."""
    return re.search(r"https?://[^/]+(/espace/lien/[^/\s]+/)", message.text)[1]


def enter(asked, email=EMAIL):
    """A browser let in to a file by a link."""
    client = Client()
    token = create_access_link(request_id=asked.pk, email=email, actor=TESTER, at=AT)
    assert client.post(reverse("space-link", args=[token]))["Location"] == reverse("space")
    return client


def numbers(asked):
    return ",".join(quote.number for quote in list(quotes.reread(asked).versions.all())[-1].quotes.all())


def answer(client, door, asked, /, **typed):
    return client.post(reverse(door), {"numbers": numbers(asked), **MAYOR, **typed}, follow=True)


def state(asked):
    return quotes.reread(asked).state


def code_for(client, convention):
    """The code that the person gets by e-mail."""
    client.post(reverse("space-code", args=[convention.pk]))
    message = last_message()
    assert message.kind == "convention.code"
    return re.search(r"^(\d{6})$", message.text, re.MULTILINE)[1]


def sign(client, convention, code, email_role="beneficiary", **typed):
    one = conventions.signatory(convention, email_role)
    return client.post(
        reverse("space-sign", args=[convention.pk]), {"signatory": one.pk, "code": code, "consent": "on", **typed}
    )


def upload(content):
    return SimpleUploadedFile("deliberation.pdf", content)
