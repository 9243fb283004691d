"""The register of keys: what the certificate says, whose hands it is in, what renews and replaces it."""

from datetime import date, timedelta

import pytest

from tests.documents.authorities import make
from tests.factories import conventions, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.keys import DAY, FIRST, LAST
from tripartite.documents.certificates import read_certificate
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.key_days import validity_words
from tripartite.going_live.queries.keys import key_by_id
from tripartite.going_live.services.activations import open_renewal
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import hand_over_key, keep_holder, replace_key, revoke_key
from tripartite.going_live.services.parts import go_live
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.requests import Contact, cancel_request
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.running import running_on
from tripartite.subscriptions.services.errors import SubscriptionError

pytestmark = pytest.mark.django_db

THREE_YEARS, ONE_YEAR = "cle-signature-3-cdg", "cle-signature-1-site"
ACT = {"actor": TESTER, "at": AT}


@pytest.fixture
def offer():
    conventions.offer()
    subscriptions.adopt_shipped_checklist()


@pytest.fixture
def activation(offer):
    """The going-live of a key of three years, in a convention in force."""
    return subscriptions.opened({THREE_YEARS: 1})[THREE_YEARS]


def refused(act, **arguments) -> str:
    with pytest.raises(SubscriptionError) as refusal:
        act(**arguments)
    return str(refusal.value)


def said(body_id: int) -> list[str]:
    return [entry.text for entry in entries_about("body", body_id) if entry.action.startswith("keys.")]


def test_everything_but_the_holder_is_read_off_the_certificate(directory) -> None:
    content = keys.file_of()
    key = keys.registered(content=content)
    found = read_certificate(content)
    assert (key.serial, key.fingerprint) == (found.serial, found.fingerprint)
    assert (key.certificate_subject, key.certificate_issuer) == (found.subject, found.issuer)
    assert (key.valid_from, key.valid_until, key.state) == (FIRST, LAST, "made")
    assert pdf_of(key.document_id) == found.der
    assert document_by_id(key.document_id).media_type == "application/pkix-cert"
    assert said(key.body_id) == [
        f"Clé de signature de Prénom NOM, Maire : certificat {found.serial}, du 02/11/2026 au 01/11/2029 compris."
    ]


def test_a_bundle_is_kept_as_its_holders_certificate_alone(directory) -> None:
    root = make("Autorité d'essai", authority=True)
    one = make("Prénom NOM", issuer=root)
    key = keys.registered(content=root.pem + one.pem)
    assert pdf_of(key.document_id) == one.der


def test_the_holder_is_whom_the_certificate_names_however_it_is_written(directory) -> None:
    key = keys.registered(name="Mme d'Hulst Hélène", content=keys.file_of(name="HELENE DHULST"))
    assert (key.holder_name, key.holder_reason) == ("Mme d'Hulst Hélène", "")


def test_a_certificate_in_another_name_is_refused_or_kept_with_a_reason(directory) -> None:
    content = keys.file_of(name="Autre NOM")
    assert refused(keys.registered, content=content) == (
        "Le certificat est au nom de « Autre NOM, Organisme d'essai », pas de « Prénom NOM ». Corrigez le titulaire, ou"
        " dites pourquoi c'est bien sa clé."
    )
    assert refused(keys.registered, content=content, holder_reason="  ").startswith("Le certificat est au nom de")
    assert SignatureKey.objects.count() == 0

    key = keys.registered(content=content, holder_reason=" Nom de  naissance. ")

    assert key.holder_reason == "Nom de naissance."
    assert said(key.body_id)[-1].endswith(
        "compris. Il est au nom de « Autre NOM, Organisme d'essai » : Nom de naissance."
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2023, 11, 2), DAY - timedelta(days=1), "a expiré le 22/11/2026 : cette clé ne signe plus."),
        (DAY + timedelta(days=1), LAST, "ne vaut qu'à partir du 24/11/2026 : cette clé ne signe pas encore."),
    ],
)
def test_a_certificate_that_does_not_sign_today_is_said_so_at_once(directory, first, last, words) -> None:
    key = keys.registered(first=first, last=last)
    assert said(key.body_id)[-1].endswith(f"compris. Ce certificat {words}")


def test_a_certificate_signs_from_its_first_day_to_its_last() -> None:
    days = (DAY - timedelta(days=1), DAY, LAST, LAST + timedelta(days=1))
    assert [bool(validity_words(DAY, LAST, day)) for day in days] == [True, False, False, True]


def test_the_same_certificate_is_refused_and_nothing_is_kept(directory) -> None:
    content = keys.file_of()
    keys.registered(content=content)
    assert refused(keys.registered, content=content, body="62041") == (
        "Ce certificat est déjà au registre : clé de Prénom NOM, Maire, Ruitz."
    )
    assert refused(keys.registered, content=b"rien").startswith("Ce fichier n'est pas un certificat")
    assert refused(keys.registered, name=" ", content=content).startswith("Indiquez le prénom et le nom")
    assert SignatureKey.objects.count() == 1


def test_deposited_before_going_live_the_term_is_the_certificates(activation) -> None:
    key = keys.registered(first=FIRST, last=LAST)
    assert (key.activation_id, key.subscription_id) == (activation.pk, None)
    made = activation.steps.get(code="fabrication")
    assert (made.done_on, made.recorded_by) == (FIRST, "essai")

    subscriptions.waive_all(subscriptions.reread(activation))
    part = go_live(activation_id=activation.pk, live_on=DAY, **ACT)

    term = part.subscription
    assert (term.starts_on, term.anchor_on, term.ends_on, term.term_years) == (FIRST, FIRST, LAST, 3)
    assert [(change.on, change.line["quantity"]) for change in term.changes.all()] == [(FIRST, 1)]
    assert key_by_id(key.pk).subscription_id == term.pk


def test_deposited_after_going_live_the_term_follows_it(activation) -> None:
    term = subscriptions.live(activation).subscription
    assert (term.starts_on, term.ends_on) == (DAY, date(2029, 11, 22))
    key = keys.registered(first=FIRST, last=LAST)
    assert key.subscription_id == term.pk
    term.refresh_from_db()
    assert (term.starts_on, term.anchor_on, term.ends_on) == (FIRST, FIRST, LAST)
    for day in (FIRST, DAY - timedelta(days=1), DAY, LAST):
        assert [(one.subscription.pk, one.quantity) for one in running_on(term.body_id, on=day)] == [(term.pk, 1)]
    assert running_on(term.body_id, on=LAST + timedelta(days=1)) == []
    told = entries_about("request", activation.convention.request_id).filter(action="subscriptions.term")
    assert [entry.text for entry in told] == [
        "Clé de signature, 3 ans, remise au CDG : du 02/11/2026 au 01/11/2029 compris, comme le dit le certificat."
    ]


def test_a_certificate_made_later_moves_the_start_later(activation) -> None:
    term = subscriptions.live(activation).subscription
    later = DAY + timedelta(days=10)
    keys.registered(first=later, last=LAST)
    term.refresh_from_db()
    assert (term.starts_on, term.ends_on) == (later, LAST)


def test_two_keys_of_one_line_run_from_the_first_to_the_last(offer) -> None:
    activation = subscriptions.opened({THREE_YEARS: 2})[THREE_YEARS]
    keys.registered(first=FIRST, last=LAST, activation_id=activation.pk)
    keys.registered(first=DAY, last=date(2029, 11, 22), function="Adjoint", activation_id=activation.pk)
    subscriptions.waive_all(subscriptions.reread(activation))
    term = go_live(activation_id=activation.pk, live_on=DAY, **ACT).subscription
    assert (term.starts_on, term.ends_on, term.keys.count()) == (FIRST, date(2029, 11, 22), 2)


def test_a_key_alone_stands_for_nothing(activation) -> None:
    key = keys.registered(alone=True)
    assert (key.activation_id, key.subscription_id) == (None, None)
    assert activation.steps.get(code="fabrication").done_on is None


def test_a_key_of_another_body_stands_for_nothing_here(activation) -> None:
    other = parties.body("62041").pk
    assert refused(keys.registered, body_id=other, activation_id=activation.pk).startswith("Cette mise en service")
    term = subscriptions.live(activation).subscription
    assert refused(keys.registered, body_id=other, subscription_id=term.pk).startswith("Ce service n'est pas une clé")


def test_handing_over_settles_its_step(activation) -> None:
    key = keys.registered()
    hand_over_key(key_id=key.pk, on=DAY, handing="cdg", **ACT)
    key.refresh_from_db()
    assert (key.state, key.handed_over_on, key.handing) == ("handed-over", DAY, "cdg")
    assert activation.steps.get(code="remise").done_on == DAY
    assert said(key.body_id)[-1] == (
        "Clé de signature de Prénom NOM, Maire remise le 23/11/2026, dans les locaux du centre de gestion."
    )
    assert refused(hand_over_key, key_id=key.pk, on=DAY, handing="cdg", **ACT) == ("C'est déjà fait : clé « remise ».")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"on": DAY + timedelta(days=1)}, "Ce jour est à venir."),
        ({"on": FIRST - timedelta(days=1)}, "La clé n'existe que depuis le 02/11/2026."),
        ({"handing": "poste"}, "Dites où la clé est remise : au centre de gestion, ou sur site."),
        ({"key_id": 0}, "Cette clé n'est pas au registre."),
    ],
)
def test_what_is_no_handing_over(directory, change, why) -> None:
    key = keys.registered()
    assert refused(hand_over_key, **({"key_id": key.pk, "on": DAY, "handing": "cdg"} | ACT | change)) == why
    assert key_by_id(key.pk).state == "made"


def test_an_expired_key_is_not_handed_over(directory) -> None:
    key = keys.registered(first=date(2023, 1, 2), last=date(2026, 1, 1))
    assert refused(hand_over_key, key_id=key.pk, on=DAY, handing="cdg", **ACT) == (
        "La clé a expiré : son dernier jour était le 01/01/2026."
    )


def test_a_key_is_revoked_with_a_reason_once(directory) -> None:
    key = keys.registered()
    assert refused(revoke_key, key_id=key.pk, on=DAY, reason=" ", **ACT).startswith("Dites pourquoi")
    revoke_key(key_id=key.pk, on=DAY, reason="fin de fonction", **ACT)
    key.refresh_from_db()
    assert (key.state, key.ended_on, key.end_reason) == ("revoked", DAY, "fin de fonction")
    assert refused(revoke_key, key_id=key.pk, on=DAY, reason="encore", **ACT) == ("C'est déjà fait : clé « révoquée ».")


def test_a_key_takes_over_from_another(directory) -> None:
    old, new = keys.registered(), keys.registered()
    replace_key(key_id=old.pk, by_id=new.pk, on=DAY, **ACT)
    old.refresh_from_db()
    assert (old.state, old.replaced_by_id, old.ended_on) == ("replaced", new.pk, DAY)
    assert refused(renew_key, key_id=old.pk, **ACT).startswith("Cette clé est remplacée")
    assert refused(replace_key, key_id=new.pk, by_id=old.pk, on=DAY, **ACT).endswith("elle ne remplace rien.")
    elsewhere = keys.registered(body="62041")
    assert refused(replace_key, key_id=new.pk, by_id=elsewhere.pk, on=DAY, **ACT) == (
        "Une clé est remplacée par une autre clé de la même collectivité."
    )


def test_one_click_renews_what_was_ordered_and_twice_is_once(activation) -> None:
    key = keys.registered()
    subscriptions.live(activation)

    asked = renew_key(key_id=key.pk, **ACT)

    asked = request_by_id(asked.pk)
    assert asked.order == {"lines": [{"service": THREE_YEARS, "quantity": 1}], "in_service": []}
    assert (asked.state, asked.contact_email, asked.beneficiary_id) == ("quoted", "mairie@exemple.fr", key.body_id)
    (version,) = asked.versions.all()
    assert {one.issuer: one.term_cents for one in version.quotes.all()} == {"lfn": 9000, "cdg62": 0}
    assert renew_key(key_id=key.pk, **ACT).pk == asked.pk
    letter = Message.objects.get(about_id=str(asked.pk), kind="quotes.issued")
    assert letter.subject.startswith("Renouveler la clé de signature : vos devis LFN-2026-")
    assert letter.attachments.count() == 2

    cancel_request(request_id=asked.pk, reason="essai", **ACT)
    assert renew_key(key_id=key.pk, **ACT).pk != asked.pk


@pytest.mark.parametrize(
    ("last", "service"),
    [(date(2027, 11, 1), "cle-signature-1-cdg"), (date(2028, 11, 1), "cle-signature-2-cdg"), (LAST, THREE_YEARS)],
)
def test_a_key_without_a_term_is_renewed_for_as_long(offer, last, service) -> None:
    key = keys.registered(last=last)
    assert renew_key(key_id=key.pk, **ACT).order["lines"] == [{"service": service, "quantity": 1}]


def test_a_length_that_the_tariff_does_not_have_is_refused(offer) -> None:
    key = keys.registered(last=date(2036, 11, 1))
    assert refused(renew_key, key_id=key.pk, **ACT) == "Le tarif du jour n'a pas de clé de signature de 10 ans."
    assert key_by_id(key.pk).renewal_id is None


def test_from_a_renewal_to_the_key_that_takes_over(activation) -> None:
    old = keys.registered()
    term = subscriptions.live(activation).subscription
    hand_over_key(key_id=old.pk, on=DAY, handing="cdg", **ACT)
    at = AT.replace(year=2029, month=9)
    asked = renew_key(key_id=old.pk, actor=TESTER, at=at)
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    conventions.accept_quotes(
        request_id=asked.pk,
        person=conventions.MAYOR,
        way="online",
        answered_on=at.date(),
        mandate_id=act.pk,
        actor=TESTER,
        at=at,
    )
    (again,) = open_renewal(request_id=asked.pk, convention_id=term.convention_id, actor=TESTER, at=at)

    new = keys.registered(first=date(2029, 9, 20), last=date(2032, 9, 19), at=at)
    assert new.activation_id == again.pk
    hand_over_key(key_id=new.pk, on=at.date(), handing="site", actor=TESTER, at=at)

    old.refresh_from_db()
    assert (old.state, old.replaced_by_id, old.ended_on) == ("replaced", new.pk, at.date())
    subscriptions.waive_all(subscriptions.reread(again), at=at)
    go_live(activation_id=again.pk, live_on=at.date(), actor=TESTER, at=at)
    assert [(one.starts_on, one.ends_on) for one in Subscription.objects.filter(service=THREE_YEARS)] == [
        (FIRST, LAST),
        (date(2029, 9, 20), date(2032, 9, 19)),
    ]
    assert renew_key(key_id=old.pk, actor=TESTER, at=at).pk == asked.pk


def test_without_a_contact_the_quotes_wait_for_nobodys_letter(offer) -> None:
    quotes.request(contact=Contact())
    asked = renew_key(key_id=keys.registered().pk, **ACT)
    assert (asked.contact_name, asked.contact_email) == ("", "")
    assert Message.objects.count() == 0


def test_an_agent_says_that_the_holder_stays(directory) -> None:
    key = keys.registered()
    assert keep_holder(key_id=key.pk, on=DAY, **ACT) is False
