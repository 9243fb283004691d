"""The table of rights, cell by cell, against a table written by hand."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser

from tripartite.accounts.rights import (
    ACTION_LABELS,
    ANY_OFFER,
    OWN_ISSUER_ONLY,
    OWN_OFFER_ONLY,
    RIGHTS,
    Action,
    Role,
    holds,
    may,
    may_for,
    rights_as_markdown,
)

# agent, manager, accountant, administrator
EXPECTED = {
    "grid.read": "yes yes yes yes",
    "grid.adopt": "no yes no yes",
    "body.read": "yes yes yes yes",
    "body.create": "yes yes no yes",
    "figure.declare": "yes yes no yes",
    "request.read": "yes yes yes yes",
    "request.export": "yes yes yes yes",
    "request.create": "yes yes no yes",
    "request.revise": "yes yes no yes",
    "request.cancel": "yes yes no yes",
    "line.price": "own own no own",
    "quotes.issue": "yes yes no yes",
    "message.read": "yes yes no yes",
    "message.resend": "yes yes no yes",
    "answer.record": "yes yes no yes",
    "mandate.record": "yes yes no yes",
    "convention.read": "yes yes yes yes",
    "convention.write": "yes yes no yes",
    "signatory.write": "own own no own",
    "signature.record": "yes yes no yes",
    "holder.confirm": "own own no own",
    "trace.read": "no yes no yes",
    "text.write": "no yes no yes",
    "cohort.import": "no yes no yes",
    "directory.update": "no yes no yes",
    "subscription.read": "yes yes yes yes",
    "subscription.write": "yes yes no yes",
    "activation.read": "yes yes yes yes",
    "activation.write": "yes yes no yes",
    "step.settle": "own own no own",
    "intervention.read": "yes yes yes yes",
    "intervention.record": "yes yes no yes",
    "deadline.read": "yes yes yes yes",
    "deadline.prepare": "yes yes no yes",
    "job.read": "no yes no yes",
    "job.start": "no yes no yes",
    "key.read": "yes yes yes yes",
    "key.write": "yes yes no yes",
    "billing.read": "own own own own",
    "billing.run": "no no own own",
    "billing.credit": "no no own own",
    "payment.record": "no no own own",
    "revenue.order": "no no own own",
    "buyer.record": "own own own own",
    "billing.settings": "no no own own",
    "issuer.settings": "no no no own",
    "accounts.manage": "no no no own",
}


@dataclass
class Issuer:
    code: str


@dataclass
class Person:
    role: str
    issuer: Issuer | None
    is_active: bool = True
    is_authenticated: bool = True


def answer(role: Role, action: Action) -> str:
    person = Person(role, Issuer("lfn"))
    own = may(person, action, issuer="lfn")
    others = may(person, action, issuer="cdg62")
    return {(True, True): "yes", (True, False): "own", (False, False): "no"}[own, others]


def test_every_role_and_action_is_in_the_table():
    assert set(EXPECTED) == {action.value for action in Action}
    assert set(RIGHTS) == set(Role)
    assert set(ACTION_LABELS) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_cell(action):
    assert " ".join(answer(role, action) for role in Role) == EXPECTED[action.value]


@pytest.mark.parametrize("action", Action)
def test_nobody_in_particular_may_do_nothing(action):
    assert not may(AnonymousUser(), action, issuer="lfn")


@pytest.mark.parametrize(
    "person",
    [
        Person(Role.ADMINISTRATOR, Issuer("lfn"), is_active=False),
        Person(Role.ADMINISTRATOR, None),
        Person("", Issuer("lfn")),
        Person("superuser", Issuer("lfn")),
    ],
    ids=["closed account", "no issuer", "no role", "unknown role"],
)
def test_what_is_not_in_the_table_is_refused(person):
    assert [action for action in Action if holds(person, action) or may(person, action, issuer="lfn")] == []


@pytest.mark.parametrize("action", sorted(OWN_ISSUER_ONLY))
def test_an_action_for_an_issuer_needs_its_name(action):
    assert holds(Person(Role.ADMINISTRATOR, Issuer("lfn")), action)
    assert not may(Person(Role.ADMINISTRATOR, Issuer("lfn")), action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_what_binds_an_offer_is_done_by_its_own_issuers(role, action):
    person = Person(role, Issuer("lfn"))
    assert may_for(person, action, {"lfn", "cdg62"}) is holds(person, action)
    for others in ({"alpi40"}, frozenset()):
        anyway = action not in OWN_OFFER_ONLY or action in ANY_OFFER.get(role, ())
        assert may_for(person, action, others) is (holds(person, action) and anyway)


def test_only_an_administrator_adopts_for_an_offer_of_others():
    assert {Role.ADMINISTRATOR: {Action.GRID_ADOPT, Action.TEXT_WRITE}} == ANY_OFFER


def test_the_table_as_people_read_it():
    page = rights_as_markdown().splitlines()
    assert page[0] == "# Qui peut faire quoi"
    assert "| Action | agent | responsable | comptable | administrateur |" in page
    assert "| fixer le prix d'une ligne sur devis | le sien | le sien |  | le sien |" in page
    assert "| consulter les demandes et les devis | oui | oui | oui | oui |" in page
    assert "| adopter une grille tarifaire |  | la sienne |  | oui |" in page
    assert "| modifier une demande | la sienne | la sienne |  | la sienne |" in page
    assert len([line for line in page if line.startswith("| ")]) == len(Action) + 1
