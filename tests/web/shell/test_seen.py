"""Two agents on one form: the second is told what the first changed and erases nothing; sent again, it goes through."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from tests.factories import conventions, parties, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.conventions.queries.conventions import conventions_of_bodies, text_by_code
from tripartite.conventions.services.drafting import draft_convention
from tripartite.following.queries.interventions import intervention_by_id
from tripartite.following.services.interventions import Subject, plan_intervention
from tripartite.going_live.services.activations import plan_activation, waive_step
from tripartite.parties.queries.bodies import body_by_id, issuer_by_code
from tripartite.parties.services.issuers import update_issuer

pytestmark = pytest.mark.django_db
STALE = "a changé pendant que vous l'écriviez"
NEXT = AT + timedelta(days=7)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def fields(client: Any, page: str, address: str) -> dict[str, str]:
    """What the form that goes to that address shows on a page, as a browser would send it."""
    forms = [part.split("</form>")[0] for part in client.get(page).content.decode().split("<form")[1:]]
    made_on = [form for form in forms if 'name="made_on"' in form]
    form = next(one for one in made_on if f'action="{address}"' in one or "action=" not in one)
    tags = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    typed = {said["name"]: said.get("value", "") for said in tags if said.get("name") != "csrfmiddlewaretoken"}
    typed |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', form, re.DOTALL))
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        typed[name] = chosen.group(1) if chosen else ""
    return typed


def both_write(  # noqa: PLR0917 - a story in its order
    client: Any, page: str, address: str, field: str, pair: tuple[str, str], kept: Callable[[], Any]
) -> str:
    """Two open the same form; each changes a field; the second is refused and told of the first, whose value is kept
    until the same is sent again. Answers what the second is told.
    """
    shown = fields(client, page, address)
    assert client.post(address, shown | {field: pair[0]}).status_code == 302
    refused = client.post(address, shown | {field: pair[1]})
    assert (refused.status_code, str(kept())) == (422, pair[0])
    assert pair[1] in refused.content.decode()
    marks = re.findall(r'name="made_on" value="([^"]+)"', refused.content.decode())
    assert any(client.post(address, shown | {field: pair[1], "made_on": one}).status_code == 302 for one in marks)
    assert str(kept()) == pair[1]
    told = words(refused)
    assert STALE in told
    return told


@pytest.fixture
def manager(offer: Any, log_in: Callable[..., Any]) -> Any:
    return log_in(Role.ADMINISTRATOR)


def test_the_term_of_a_draft(manager) -> None:
    conventions.adopt_texts()
    draft = conventions.drafted()
    page, address = reverse("convention", args=[draft.pk]), reverse("convention-term", args=[draft.pk])
    told = both_write(manager, page, address, "years", ("4", "2"), lambda: conventions.read(draft).years)
    assert "La durée a changé" in told
    assert "Durée : 4 ans" in told


def test_a_signatory(manager) -> None:
    conventions.adopt_texts()
    draft = conventions.drafted()
    one = conventions.signatory(draft, "beneficiary")
    page, address = reverse("convention", args=[draft.pk]), reverse("signatory", args=[draft.pk, one.pk])
    told = both_write(
        manager,
        page,
        address,
        "phone",
        ("03 21 11 11 11", "03 21 22 22 22"),
        lambda: conventions.signatory(draft, "beneficiary").phone,
    )
    assert "Le signataire a changé" in told


def test_what_an_amendment_changes(manager) -> None:
    conventions.adopt_texts()
    siret = conventions.siret_of("286200019")
    update_issuer(code="cdg62", changes={"siret": siret}, actor=TESTER, at=AT)
    subscriptions.running({"messagerie-5go": 4})
    (parent,) = conventions_of_bodies([parties.body().pk])
    asked = conventions.accepted({"page-internet": 1}, in_service={"messagerie-5go": 4})
    draft = draft_convention(request_id=asked.pk, parent_id=parent.pk, actor=TESTER, at=AT)
    page, address = reverse("convention", args=[draft.pk]), reverse("convention-changes", args=[draft.pk])
    told = both_write(
        manager, page, address, "changes", ("Une page.", "Deux pages."), lambda: conventions.read(draft).changes
    )
    assert "L'objet de l'avenant a changé" in told


def test_a_draft_text(manager) -> None:
    """Two begin a draft from the adopted text under one code: the second does not replace the first unseen."""
    conventions.adopt_texts()
    (path,) = (settings.MODELS_FOLDER / "convention").glob("*.toml")
    text = path.read_text(encoding="utf-8")
    code = re.search(r'^code = "([^"]+)"', text, re.MULTILINE).group(1)
    text, page = text.replace(f'code = "{code}"', 'code = "convention/essai"', 1), reverse("text-write")
    begun = fields(manager, f"{page}?depuis={code}", page)
    assert manager.post(page, begun | {"text": text}).status_code == 302
    refused = manager.post(page, begun | {"text": text + "\n# autre"})
    assert (refused.status_code, "Le projet convention/essai a changé" in words(refused)) == (422, True)
    assert text_by_code("convention/essai").text == text
    again = fields(manager, f"{page}?depuis=convention/essai", page)
    assert manager.post(page, again | {"text": text + "\n# autre"}).status_code == 302


def test_the_settings_of_an_issuer(manager) -> None:
    page = reverse("issuer-settings")
    told = both_write(manager, page, page, "place", ("Arras", "Lens"), lambda: issuer_by_code("cdg62").place)
    assert "Ce réglage a changé" in told


def test_what_completes_a_body(manager) -> None:
    body = parties.body()
    page, address = reverse("body", args=[body.siren]), reverse("body-complete", args=[body.siren])
    told = both_write(
        manager, page, address, "address", ("1 place Verte", "2 place Verte"), lambda: body_by_id(body.pk).address
    )
    assert "Cette structure a changé" in told


def test_what_is_planned_of_a_going_live(manager) -> None:
    conventions.adopt_texts()
    siret = conventions.siret_of("286200019")
    update_issuer(code="cdg62", changes={"siret": siret}, actor=TESTER, at=AT)
    subscriptions.adopt_shipped_checklist()
    (mail,) = subscriptions.opened({"messagerie-5go": 4}).values()
    page, address = reverse("activation", args=[mail.pk]), reverse("activation-plan", args=[mail.pk])
    told = both_write(
        manager,
        page,
        address,
        "waiting_for",
        ("le devis", "le maire"),
        lambda: subscriptions.reread(mail).waiting_for,
    )
    assert "Ce qui est prévu a changé" in told
    assert plan_activation(activation_id=mail.pk, planned_on=None, waiting_for="", actor=TESTER, at=AT)


def test_a_step_settled_meanwhile_is_not_taken_back_unseen(manager) -> None:
    conventions.adopt_texts()
    siret = conventions.siret_of("286200019")
    update_issuer(code="cdg62", changes={"siret": siret}, actor=TESTER, at=AT)
    subscriptions.adopt_shipped_checklist()
    (mail,) = subscriptions.opened({"messagerie-5go": 4}).values()
    step = mail.steps.all()[0]
    page, address = reverse("activation", args=[mail.pk]), reverse("step-settle", args=[mail.pk, step.pk])
    typed = fields(manager, page, address)
    waive_step(step_id=step.pk, reason="essai", actor=TESTER, at=AT)
    refused = words(manager.post(address, typed | {"today": "1"}))
    assert "a changé pendant que vous l'écriviez. essai" in refused
    assert subscriptions.reread(mail).steps.all()[0].waived_reason == "essai"


def test_an_intervention_moved_meanwhile(manager) -> None:
    conventions.adopt_texts()
    agent = manager.session["_auth_user_id"]
    one = plan_intervention(
        subject=Subject(parties.body().pk, "help", int(agent), ""), planned_at=NEXT, minutes=90, actor=TESTER, at=AT
    )
    page, address = reverse("intervention", args=[one.pk]), reverse("intervention-move", args=[one.pk])
    told = both_write(manager, page, address, "place", ("Mairie", "Annexe"), lambda: intervention_by_id(one.pk).place)
    assert "Cette intervention a changé" in told
