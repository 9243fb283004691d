"""The page of an act opens its form only while the act is not refused whatever were typed: every such address."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes, subscriptions
from tests.web.test_rights import DOORS, SENT, path
from tripartite.accounts.rights import Role
from tripartite.conventions.services.ending import terminate_convention
from tripartite.parties.queries.mandates import mandates_of
from tripartite.parties.services.mandates import end_mandate

AT, TESTER = quotes.AT, quotes.TESTER
CLOSED = {
    "request-accept": "C'est déjà fait : demande « convention signée ».",
    "request-refuse": "Demande « convention signée » : il n'y a pas de devis à accepter ou à refuser.",
    "request-justify": "Cette demande n'a pas de devis accepté en main.",
    "request-revise": "Une convention signée engage les parties : ce qui change passe par un avenant.",
    "convention-amend": "La fin de cette convention est notée : le 22/11/2027.",
    "convention-end": "Sa fin est déjà notée : le 22/11/2027.",
    "mandate-end": "La fin est déjà notée : 23/11/2026.",
}
"""What each page says, on top of the one that it leads back to, once its act is closed."""
ANY_TIME = {
    "account-change",
    "body-end",  # or says that a body noted as ended lives
    "body-mandates",
    "body-requirement",
    "key-deposit",
    "mandate-complete",  # what was said is replaced, with a reason
    "password-reset",
    "space-link",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


def test_every_page_of_an_act_says_what_closes_it(log_in) -> None:
    client = log_in(Role.ADMINISTRATOR, "lfn")
    named = [name for name in DOORS if DOORS[name].kwargs and (name in SENT or len(DOORS[name].methods) == 2)]
    pages = {name for name in named if client.get(path(name)).status_code != 405}
    assert pages == CLOSED.keys() | ANY_TIME


def pages_of(convention) -> dict[str, tuple[str, str]]:
    """The address of each such page for one file, and of the one that it leads back to."""
    asked, body = convention.request, convention.beneficiary
    (act,) = mandates_of(body_id=body.pk)
    file, paper = reverse("request", args=[asked.reference]), reverse("convention", args=[convention.pk])
    found = {name: (reverse(name, args=[asked.reference]), file) for name in CLOSED if name.startswith("request-")}
    found |= {name: (reverse(name, args=[convention.pk]), paper) for name in CLOSED if name.startswith("convention-")}
    found["mandate-end"] = reverse("mandate-end", args=[act.pk]), reverse("body-mandates", args=[body.siren])
    revise, back = found["request-revise"]
    return found | {"request-revise": (f"{revise}?siren={body.siren}&messagerie-5go=3", back)}


def test_a_page_opens_before_its_act_is_done_or_refused(log_in) -> None:
    convention = subscriptions.in_force()
    opened = {name for name, (page, _) in pages_of(convention).items() if log_in().get(page).status_code == 200}
    assert opened == {"convention-amend", "convention-end", "mandate-end"}
    asked = quotes.request()
    quotes.issued(asked)
    more = f"?siren={asked.beneficiary.siren}&messagerie-5go=3"
    for name, status in {"accept": 200, "refuse": 200, "revise": 200, "justify": 302}.items():
        page = reverse(f"request-{name}", args=[asked.reference]) + more * (name == "revise")
        assert (name, log_in().get(page).status_code) == (name, status)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_whose_act_is_closed_leads_back_and_says_why(log_in, method) -> None:
    convention, agent = subscriptions.in_force(), log_in()
    end_convention(convention)
    said = {}
    for name, (page, back) in pages_of(convention).items():
        answer = getattr(agent, method)(page)
        assert (name, answer.status_code, answer.headers.get("Location")) == (name, 302, back)
        said[name] = [str(message) for message in agent.get(back).context["messages"]]
    assert said == {name: [words] for name, words in CLOSED.items()}


def end_convention(convention) -> None:
    """Its end noted, and that of the power of who signed for the body."""
    terminate_convention(
        convention_id=convention.pk, received_on=AT.date(), party="Ruitz", reason="Essai.", actor=TESTER, at=AT
    )
    (act,) = mandates_of(body_id=convention.beneficiary_id)
    end_mandate(mandate_id=act.pk, last_day=AT.date(), reason="Nouveau maire.", actor=TESTER, at=AT)
