"""What becomes of a file is told, once, to each party: received, agreed, signed, in force, refused, ended."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import accounts, conventions, parties, quotes
from tests.factories.accounts import AT, TESTER
from tests.scenarios.lettering import (
    CONTACT,
    MAYOR,
    PRESIDENTS,
    Act,
    Doing,
    by_services,
    daily_command,
    daily_job,
    in_space,
    last_letter,
    letters,
    prepared,
    quoted,
)
from tripartite.conventions.services.drafting import abandon_convention, set_term
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.messages.models import Message
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.services.answers import Person, accept_quotes, justify_acceptance, refuse_quotes
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, cancel_request
from tripartite.web.estimator.selection import order_query

pytestmark = [pytest.mark.django_db, pytest.mark.one_base, pytest.mark.usefixtures("offered")]

WHO = {"name": "Prénom NOM", "function": "Maire"}
ALL = (MAYOR, *PRESIDENTS.values())
SCAN = b"%PDF-1.4 copie"
PLACE = "Secrétariat du CDG 62"


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("copie.pdf", SCAN, content_type="application/pdf")


# A request, and the answers to its quotes


def ask_by_services(doing: Doing) -> None:
    body = parties.body(quotes.RUITZ)
    contact = Contact(**CONTACT)
    ask_quotes(beneficiary=body.pk, order=quotes.order(), contact=contact, origin="agent", token="essai", **doing.done)


def ask_by_screens(doing: Doing) -> None:
    query = order_query(quotes.order(), parties.body(quotes.RUITZ).siren)
    doing.post("request-new", query=f"?{query}", **CONTACT, note="", token="essai")


def numbers(asked: Any) -> str:
    return ",".join(quote.number for version in quotes.reread(asked).versions.all() for quote in version.quotes.all())


def accept_by_services(doing: Doing) -> None:
    person = Person(**WHO)
    accept_quotes(request_id=doing.made.pk, person=person, way="online", answered_on=doing.on, **doing.done)


def accept_in_space(doing: Doing) -> None:
    fields = {"numbers": numbers(doing.made), **WHO, "consent": "on"}
    assert in_space(doing, doing.made.pk).post(reverse("space-accept"), fields).status_code == 302


def accept_by_screens(doing: Doing) -> None:
    fields = {"person": WHO["name"], "function": WHO["function"], "answered_on": doing.on, "scan": scan()}
    doing.post("request-accept", doing.made.reference, **fields, only="", explanation="")


def refuse_by_services(doing: Doing) -> None:
    told = {"person": Person(**WHO), "reason": "Budget refusé.", "answered_on": doing.on, "way": "paper"}
    refuse_quotes(request_id=doing.made.pk, **told, **doing.done)


def refuse_in_space(doing: Doing) -> None:
    fields = {"numbers": numbers(doing.made), **WHO, "reason": "Budget refusé."}
    assert in_space(doing, doing.made.pk).post(reverse("space-refuse"), fields).status_code == 302


def refuse_by_screens(doing: Doing) -> None:
    fields = {"person": WHO["name"], "function": WHO["function"], "answered_on": doing.on, "reason": "Budget refusé."}
    doing.post("request-refuse", doing.made.reference, **fields)


def agreed_without_act() -> Any:
    asked = conventions.accepted(empowered=False)
    return asked, conventions.mandates(asked.beneficiary)["beneficiary"]


def justify_by_services(doing: Doing) -> None:
    asked, act = doing.made
    justify_acceptance(request_id=asked.pk, mandate_id=act.pk, **doing.done)


def justify_by_screens(doing: Doing) -> None:
    asked, act = doing.made
    doing.post("request-justify", asked.reference, mandate=act.pk)


# A convention: signed one by one, in force, abandoned, ended


def to_sign(**term: Any) -> Any:
    """A convention out for signature, each signatory with an address."""
    made = conventions.drafted()
    for role, email in PRESIDENTS.items():
        conventions.name_signatory(conventions.signatory(made, role), email=email)
    if term:
        set_term(convention_id=made.pk, **term, actor=TESTER, at=AT)
    return conventions.read(send_convention(convention_id=made.pk, actor=TESTER, at=AT))


def sign(made: Any, role: str, at: datetime = AT) -> None:
    one = conventions.signatory(made, role)
    day = at.date()
    record_paper_signature(signatory_id=one.pk, signed_on=day, scan=SCAN, original_place=PLACE, actor=TESTER, at=at)


def signed_by(*roles: str, **term: Any) -> Callable[[], Any]:
    def before() -> Any:
        made = to_sign(**term)
        for role in roles:
            sign(made, role)
        return made

    return before


def sign_by_services(role: str) -> Callable[[Doing], None]:
    return lambda doing: sign(doing.made, role, doing.at)


def sign_by_screens(role: str) -> Callable[[Doing], None]:
    def door(doing: Doing) -> None:
        one, code = conventions.signatory(doing.made, role), "cdg62" if role == "beneficiary" else role
        client = Client()
        client.force_login(accounts.account(issuer_code=code, email=f"autre@{code}.exemple.fr", name="Autre"))
        fields = {"signed_on": doing.on, "scan": scan(), "original_place": PLACE}
        assert client.post(reverse("sign-on-paper", args=[doing.made.pk, one.pk]), fields).status_code == 302

    return door


def advance(doing: Doing) -> None:
    assert advance_convention(convention_id=doing.made.pk, on=doing.on, **doing.done)


DAYS_ON = {"services": advance, "command": daily_command, "job": daily_job}
ONE_YEAR = {"years": 1, "tacit_renewals": 0, "notice_months": 3, "due_on": None}
LATER = date(2027, 1, 4)

ACTS = {
    "a request": Act(
        before=lambda: None,
        doors={"services": ask_by_services, "screens": ask_by_screens},
        wanted=[("quotes.received", MAYOR)],
    ),
    "an agreement": Act(
        before=quoted,
        doors={"services": accept_by_services, "space": accept_in_space, "screens": accept_by_screens},
        wanted=[("quotes.accepted", MAYOR)],
    ),
    "a refusal": Act(
        before=quoted,
        doors={"services": refuse_by_services, "space": refuse_in_space, "screens": refuse_by_screens},
        wanted=[("quotes.refused", MAYOR)],
    ),
    "the act that empowers": Act(
        before=agreed_without_act,
        doors={"services": justify_by_services, "screens": justify_by_screens},
        wanted=[("quotes.justified", MAYOR)],
    ),
    "a request given up": Act(
        before=quoted,
        doors={
            "services": lambda doing: cancel_request(request_id=doing.made.pk, reason="Doublon.", **doing.done),
            "screens": lambda doing: doing.post("request-cancel", doing.made.reference, reason="Doublon."),
        },
        wanted=[("quotes.cancelled", MAYOR)],
    ),
    "a first signature": Act(
        before=to_sign,
        doors={"services": sign_by_services("beneficiary"), "screens": sign_by_screens("beneficiary")},
        wanted=[("convention.signature", email) for email in PRESIDENTS.values()],
    ),
    "the last signature": Act(
        before=signed_by("beneficiary", "lfn"),
        doors={"services": sign_by_services("cdg62"), "screens": sign_by_screens("cdg62")},
        wanted=[("convention.in-force", email) for email in ALL],
    ),
    "the last signature, in force later": Act(
        before=signed_by("beneficiary", "lfn", **(ONE_YEAR | {"due_on": LATER})),
        doors={"services": sign_by_services("cdg62"), "screens": sign_by_screens("cdg62")},
        wanted=[("convention.signed", email) for email in ALL],
    ),
    "the day on which it is in force": Act(
        before=signed_by("beneficiary", "lfn", "cdg62", **(ONE_YEAR | {"due_on": LATER})),
        doors=DAYS_ON,
        wanted=[("convention.in-force", email) for email in ALL],
        at=AT.replace(year=LATER.year, month=LATER.month, day=LATER.day),
    ),
    "a convention abandoned": Act(
        before=signed_by("beneficiary"),
        doors={
            "services": lambda doing: abandon_convention(
                convention_id=doing.made.pk, reason="Erreur de nom.", **doing.done
            ),
            "screens": lambda doing: doing.post("convention-abandon", doing.made.pk, reason="Erreur de nom."),
        },
        wanted=[("convention.abandoned", email) for email in ALL],
    ),
    "a convention ended": Act(
        before=signed_by("beneficiary", "lfn", "cdg62", **ONE_YEAR),
        doors=DAYS_ON,
        wanted=[("convention.ended", email) for email in ALL],
        at=AT + timedelta(days=365),
    ),
}
OTHERS = [(name, door) for name, act in ACTS.items() for door in act.doors if door != "services"]


@pytest.mark.parametrize("name", ACTS)
def test_what_becomes_of_a_file_is_told_once_with_its_references_and_telephones(name: str, doing: Doing) -> None:
    written = by_services(ACTS[name], doing)
    assert [(kind, to) for kind, to, *_ in written] == ACTS[name].wanted
    phones = [issuer.phone for issuer in issuers()]
    assert len(set(phones)) == 2
    for kind, _to, _name, _subject, _papers, text in written:
        assert "Dossier : D-2026-" in text
        assert kind.startswith("quotes") or "Convention : C-2026-" in text
        assert [phone in text for phone in phones] == [True, True]


@pytest.mark.parametrize(("name", "door"), OTHERS)
def test_every_door_tells_the_same(name: str, door: str, doing: Doing) -> None:
    wanted, before = by_services(ACTS[name], doing), last_letter()
    ACTS[name].doors[door](doing)
    assert letters(before) == wanted


@pytest.mark.parametrize("name", ACTS)
def test_the_same_act_twice_tells_nothing_more(name: str, doing: Doing) -> None:
    act = ACTS[name].doors["services"]
    act(doing)
    before = last_letter()
    with suppress(QuoteError, ConventionError, AssertionError):
        act(doing)
    assert letters(before) == []


def the_letter(kind: str, to: str = MAYOR) -> Message:
    return Message.objects.filter(kind=kind, recipient=to).latest("pk")


def test_a_received_request_says_what_it_asks_for_and_opens_nothing_yet() -> None:
    with prepared(ACTS["a request"], Path()) as doing:
        ask_by_services(doing)
    text = the_letter("quotes.received").text
    assert "Messagerie" in text
    assert "/espace/lien/" not in text


def test_an_agreement_says_whose_and_which_act_is_missing() -> None:
    with prepared(ACTS["an agreement"], Path()) as doing:
        accept_by_services(doing)
    text = the_letter("quotes.accepted").text
    assert "Bon pour accord de Prénom NOM, Maire, sur " in text
    assert "Il manque l'acte qui habilite cette personne" in text


def test_a_new_version_says_what_it_replaces_and_what_changes() -> None:
    asked = conventions.accepted()
    first = [quote.number for version in quotes.reread(asked).versions.all() for quote in version.quotes.all()]
    quotes.revised(asked, {"messagerie-5go": 6})
    issue_quotes(request_id=asked.pk, actor=TESTER, at=AT)
    letter = the_letter("quotes.issued")
    assert letter.subject.endswith(", version 2")
    assert (
        f"Cette version 2 remplace les devis {first[0]} et {first[1]} (version 1), qui ne valent plus." in letter.text
    )
    assert "L'accord donné sur ceux-ci ne porte pas sur la nouvelle version" in letter.text
    assert "4 → 6" in letter.text


def test_the_first_version_replaces_nothing() -> None:
    quoted()
    letter = the_letter("quotes.issued")
    assert "version" not in letter.subject
    assert "remplace" not in letter.text


def test_the_convention_in_force_is_brought_to_each_party() -> None:
    made = signed_by("beneficiary", "lfn", "cdg62")()
    for email in ALL:
        brought = the_letter("convention.in-force", email)
        papers = [one.document_id for one in brought.attachments.all()]
        assert papers[0] == made.document_id
        assert len(papers) == 4  # the text, and each signature given on paper
        assert f"L'original signé sur papier est conservé ici : {PLACE}." in brought.text


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("a refusal", "quotes.refused", "Budget refusé."),
        ("a request given up", "quotes.cancelled", "Doublon."),
        ("a convention abandoned", "convention.abandoned", "Erreur de nom."),
        ("a convention ended", "convention.ended", "terme"),
    ],
)
def test_what_stops_says_why(name: str, kind: str, reason: str, tmp_path: Path) -> None:
    with prepared(ACTS[name], tmp_path) as doing:
        ACTS[name].doors["services"](doing)
    assert f"Motif : {reason}" in the_letter(kind).text


def test_a_convention_abandoned_before_it_was_sent_is_told_to_nobody() -> None:
    made, before = conventions.drafted(), last_letter()
    abandon_convention(convention_id=made.pk, reason="Erreur de nom.", actor=TESTER, at=AT)
    assert letters(before) == []


def test_one_address_gets_one_letter_however_many_parts_it_plays() -> None:
    made = conventions.drafted()
    for role in PRESIDENTS:
        conventions.name_signatory(conventions.signatory(made, role), email="Commun@exemple.fr")
    send_convention(convention_id=made.pk, actor=TESTER, at=AT)
    before = last_letter()
    abandon_convention(convention_id=made.pk, reason="Erreur de nom.", actor=TESTER, at=AT)
    assert [to for _kind, to, *_ in letters(before)] == [MAYOR, "Commun@exemple.fr"]
