"""What is one's own among what the table of rights opens: one's issuer, one's offer, one's own people."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import quotes, subscriptions, tariffs
from tests.factories.accounts import account
from tests.web.conftest import words
from tests.web.test_rights import ACCOUNT, DOORS, GRID, GUARDED, REQUEST, path, somebody, vars_of
from tripartite.accounts import queries
from tripartite.accounts.rights import OWN_ISSUER_ONLY, OWN_OFFER_ONLY, RIGHTS, Action, Role
from tripartite.parties.queries.bodies import issuer_by_code

pytestmark = pytest.mark.django_db


def test_what_bears_on_ones_own_issuer_is_refused_for_the_other() -> None:
    """The actions kept to one's own issuer, each with the test below that tries it on the other's."""
    own = {Action.LINE_PRICE, Action.STEP_SETTLE, Action.ACCOUNTS_MANAGE, Action.ISSUER_SETTINGS}
    tried_on_its_page = {Action.HOLDER_CONFIRM, Action.SIGNATORY_WRITE}
    """tests/web/conventions/test_acts.py: who may confirm a certificate in another name, who names a signatory."""
    billing = {Action.BILLING_READ, Action.BILLING_RUN, Action.BILLING_CREDIT, Action.PAYMENT_RECORD}
    billing |= {Action.REVENUE_ORDER, Action.BUYER_RECORD, Action.BILLING_SETTINGS}
    """tests/web/billing: an address names an invoice or a run of one's own issuer, or names no issuer at all."""
    assert own | tried_on_its_page | billing == OWN_ISSUER_ONLY


def test_an_agent_of_other_issuers_reads_and_does_nothing(asked) -> None:
    """What names a file, what runs or a grid is of an offer: its doors are closed to the agents of another."""
    tariffs.adopted_alpi()
    before, client = vars_of(quotes.reread(asked)), somebody(Role.MANAGER, "alpi40")
    named = {name: door for name, door in GUARDED.items() if door.kwargs in (REQUEST, GRID)}
    kept = {name for name, door in named.items() if door.action in OWN_OFFER_ONLY}
    answers = {
        name: [getattr(client, method)(path(name)).status_code == 403 for method in door.methods]
        for name, door in named.items()
    }
    assert {name for name, refused in answers.items() if all(refused)} == kept
    assert {name for name, refused in answers.items() if any(refused)} == kept
    page = client.get(path("request")).content.decode()
    assert [name for name in kept if name != "grid-adopt" and path(name) in page] == []
    assert vars_of(quotes.reread(asked)) == before
    assert "pour l'offre « cdg62 » : c'est celle d'autres émetteurs" in words(client.post(path("request-cancel")))


def test_a_request_is_made_for_an_offer_of_ones_own(asked) -> None:
    tariffs.adopted_alpi()
    query = "?siren=216207274&offre=alpi40&certificat-signature=1"
    refused = [somebody(Role.AGENT, issuer).get(reverse("request-new") + query) for issuer in ("lfn", "alpi40")]
    assert refused[0].status_code == 403
    assert refused[1].status_code != 403


@pytest.mark.parametrize("role", [role for role in Role if Action.LINE_PRICE in RIGHTS[role]])
def test_a_line_is_priced_by_its_own_issuer_alone(asked, role) -> None:
    (line,) = quotes.waiting(asked)
    typed = {"fingerprint": line.fingerprint, "amount": "120", "reason": "Étude faite."}

    somebody(role, "cdg62").post(path("request-price"), typed)
    assert len(quotes.waiting(asked)) == 1
    somebody(role, "lfn").post(path("request-price"), typed)
    assert quotes.waiting(asked) == ()


@pytest.mark.parametrize("role", [role for role in Role if Action.STEP_SETTLE in RIGHTS[role]])
@pytest.mark.parametrize(("issuer", "settled"), [("lfn", ["choix", "reservation"]), ("cdg62", ["choix"])])
def test_a_step_is_settled_by_its_own_issuer_or_by_either_for_the_beneficiary(db, role, issuer, settled) -> None:
    with time_machine.travel(quotes.AT, tick=False):
        subscriptions.conventions.offer()
        subscriptions.adopt_shipped_checklist()
        activation = subscriptions.opened({"nom-de-domaine": 1})["nom-de-domaine"]
        client = somebody(role, issuer)
        for step in list(activation.steps.all())[:2]:
            kwargs = {"activation_id": activation.pk, "step_id": step.pk}
            answer = client.post(reverse("step-settle", kwargs=kwargs), {"today": "1"})
            assert answer.status_code == (302 if step.code in settled else 403)
            assert answer.status_code == 302 or "Cette étape est celle de l'autre émetteur" in words(answer)
        steps = subscriptions.reread(activation).steps.all()
        assert [step.code for step in steps if step.settled] == settled


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.kwargs is ACCOUNT])
def test_accounts_are_kept_by_their_own_issuer_alone(asked, name) -> None:
    other = account(issuer_code="cdg62")
    before = vars_of(other)

    answer = somebody(Role.ADMINISTRATOR, "lfn").post(reverse(name, args=[other.pk]), {"name": "N", "role": "agent"})

    assert answer.status_code == 404
    assert vars_of(queries.account_by_email(other.email)) == before
    assert other.email not in words(somebody(Role.ADMINISTRATOR, "lfn").get(reverse("account-list")))


def test_an_issuer_is_described_by_its_own_administrator_alone(asked) -> None:
    typed = {"place": "Arras", "quote_validity_days": "60", "code": "cdg62", "issuer": "cdg62"}
    before = vars_of(issuer_by_code("cdg62"))

    assert somebody(Role.ADMINISTRATOR, "lfn").post(reverse("issuer-settings"), typed).status_code == 302

    assert vars_of(issuer_by_code("cdg62")) == before
    assert issuer_by_code("lfn").place == "Arras"
