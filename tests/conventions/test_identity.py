"""What proves who signs: changed in the open, its codes and links with it, and shown beside what is signed after."""

from typing import Any

import pytest

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import name_signatory, read, signatory
from tripartite.accounts.queries import usable_links
from tripartite.accounts.services.codes import Verdict
from tripartite.accounts.services.links import create_access_link
from tripartite.conventions.queries.signatures import proof_of
from tripartite.conventions.services.codes import SIGNING, sign_with_code, tell_code
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.quotes.services.requests import Contact, update_contact

pytestmark = pytest.mark.django_db
ACT: dict[str, Any] = {"actor": TESTER, "at": AT}
FORMER, NEW = "maire@exemple.fr", "nouveau@exemple.fr"


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


@pytest.fixture
def sent() -> Any:
    """A convention out for signature, whose mayor is known by an address."""
    draft = conventions.drafted()
    name_signatory(signatory(draft, "beneficiary"), email=FORMER)
    return read(conventions.send_convention(convention_id=draft.pk, **ACT))


def letters(kind: str) -> list[tuple[str, str]]:
    return [(one.recipient, one.text) for one in Message.objects.filter(kind=kind).order_by("pk")]


def link(convention: Any, email: str) -> str:
    return create_access_link(request_id=convention.request_id, email=email, **ACT)


def test_the_former_address_is_told_at_once_and_every_link_and_code_ends(sent: Any) -> None:
    one = signatory(sent, "beneficiary")
    tokens = [link(sent, FORMER), link(sent, NEW)]
    code = tell_code(signatory_id=one.pk, **ACT)
    before = len(letters("convention.sent"))

    name_signatory(one, email=NEW)

    assert not any(usable_links(token, at=AT).exists() for token in tokens)
    assert sign_with_code(signatory_id=one.pk, code=code, address="", browser="", **ACT) is not Verdict.RIGHT
    (*_, (to, text)) = letters("space.address-changed")
    assert to == FORMER
    assert "l'adresse de qui signe pour la collectivité n'est plus celle-ci" in text
    assert "pour n…@exemple.fr" in text
    assert "/espace/" not in text
    assert [to for to, _ in letters("convention.sent")[before:]] == [NEW]


def test_the_former_address_of_an_issuer_is_not_told_of_who_signs_for_the_body(sent: Any) -> None:
    name_signatory(signatory(sent, "lfn"), email="president@lfn.exemple.fr")
    before = len(letters("space.address-changed"))
    name_signatory(signatory(sent, "lfn"), email="presidence@lfn.exemple.fr")
    assert len(letters("space.address-changed")) == before


def test_the_journal_tells_what_was_and_what_is_with_addresses_masked(sent: Any) -> None:
    name_signatory(signatory(sent, "beneficiary"), email=NEW, phone="03 21 00 00 42")
    entry = entries_about("request", sent.request_id).filter(action="conventions.signatory").last()
    assert entry
    assert "adresse électronique : m…@exemple.fr → n…@exemple.fr ; téléphone : …01 → …42" in entry.text
    assert FORMER not in entry.text + str(entry.details)


def test_a_change_is_shown_beside_the_signature_given_after_it_and_no_other(sent: Any) -> None:
    name_signatory(signatory(sent, "beneficiary"), email=NEW)
    for role in ("beneficiary", "lfn"):
        record_paper_signature(
            signatory_id=signatory(sent, role).pk,
            signed_on=conventions.DAY,
            scan=conventions.SCAN,
            original_place="Mairie",
            **ACT,
        )
    changed, plain = (proof_of(signatory(sent, role).signature) for role in ("beneficiary", "lfn"))
    (told,) = [words for words in changed.changed if "n…@exemple.fr" in words]
    assert told.startswith("Changé le 23/11/2026 à 10 h 00 par ")
    assert "adresse électronique : m…@exemple.fr → n…@exemple.fr." in told
    assert told in changed.words
    assert plain.changed == ()


def test_nothing_changes_once_that_party_has_signed(sent: Any) -> None:
    one = signatory(sent, "beneficiary")
    record_paper_signature(
        signatory_id=one.pk, signed_on=conventions.DAY, scan=conventions.SCAN, original_place="Mairie", **ACT
    )
    with pytest.raises(ConventionError, match="a déjà signé : ce qui montre qui a signé ne change plus"):
        name_signatory(one, email=NEW)


def test_a_telephone_alone_asks_for_a_new_link_too(sent: Any) -> None:
    one, token, told = signatory(sent, "beneficiary"), link(sent, FORMER), letters("space.address-changed")
    name_signatory(one, phone="03 21 00 00 42")
    assert not usable_links(token, at=AT).exists()
    assert letters("space.address-changed") == told
    again = link(sent, FORMER)
    name_signatory(signatory(sent, "beneficiary"))  # nothing changes: nothing ends
    assert usable_links(again, at=AT).exists()


def test_the_contact_is_told_and_its_change_is_shown_with_the_signature() -> None:
    asked = quotes.request(contact=Contact("Prénom NOM", "Maire", FORMER, ""))
    quotes.issued(asked)
    token = create_access_link(request_id=asked.pk, email=NEW, **ACT)
    contact = Contact("Prénom NOM", "Maire", NEW, "03 21 00 00 42")
    update_contact(request_id=asked.pk, contact=contact, note="", **ACT)
    assert [to for to, _ in letters("space.address-changed")] == [FORMER]
    assert not usable_links(token, at=AT).exists()
    entry = entries_about("request", asked.pk).filter(action="quotes.contact").last()
    assert entry
    what = "adresse électronique, téléphone"
    assert entry.text == f"Contact corrigé ({what}). adresse électronique : m…@exemple.fr → n…@exemple.fr."


def test_an_issuer_signatory_is_reached_as_its_agents_last_said() -> None:
    first = conventions.drafted()
    name_signatory(signatory(first, "lfn"), email="president@lfn.exemple.fr", phone="03 21 00 00 01")
    second = read(draft_convention(request_id=conventions.accepted(empowered=False).pk, **ACT))
    one = signatory(second, "lfn")
    assert (one.email, one.phone) == ("president@lfn.exemple.fr", "03 21 00 00 01")
    assert SIGNING == "convention.sign"
