"""The page of a request: seen, and what is done on it."""

import re

from django.urls import reverse

from tests.factories import quotes
from tests.web.conftest import part
from tripartite.journal.queries import entries_about

AT = quotes.AT


ON_REQUEST = quotes.WITH_STORAGE_ON_REQUEST


CHANGED = "La demande a changé depuis l'affichage"


def address(name, asked, *more):
    return reverse(name, args=[asked.reference, *more])


def see(client, asked):
    return client.get(address("request", asked))


def notices(answer):
    """What the next page says first."""
    return part(answer, "contenu")


def digest(client, asked):
    found = re.search(r'name="seen" value="(\w+)"', see(client, asked).content.decode())
    return found[1] if found else None


def issue(client, asked, **sent):
    return client.post(address("request-issue", asked), {"seen": digest(client, asked), **sent}, follow=True)


def price(client, asked, **sent):
    (line,) = quotes.waiting(asked)
    typed = {"fingerprint": line.fingerprint, "amount": "1 234,50", "reason": "Étude faite."}
    return client.post(address("request-price", asked), typed | sent)


def journal(asked):
    return [entry.action for entry in entries_about("request", asked.pk)]
