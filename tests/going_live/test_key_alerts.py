"""What a day announces of keys: 90, 60 and 30 days before expiry, a change of holder, elections; each once."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.factories import conventions, keys, parties, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.keys import FIRST, LAST
from tripartite.going_live.queries.holders import holder_changes
from tripartite.going_live.queries.key_days import days_left, is_elective, same_function, threshold_due
from tripartite.going_live.queries.keys import KeyQueue, key_list
from tripartite.going_live.services import keys_daily
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import keep_holder, revoke_key
from tripartite.jobs.kinds import JobError
from tripartite.messages.models import Message
from tripartite.parties.queries.names import same_person
from tripartite.parties.services.mandates import end_mandate, record_mandate
from tripartite.subscriptions.models import Notice

ACT = {"actor": TESTER, "at": AT}


def before(days: int, last: date = LAST) -> date:
    return last - timedelta(days=days)


def units(on: date) -> list[str]:
    return [key for key, _ in keys_daily.units(on)]


def run_day(on: date) -> list[bool]:
    at = timezone.make_aware(datetime.combine(on, time(5)))
    return [keys_daily.run(key, on, TESTER, at) for key in units(on)]


@pytest.mark.parametrize(
    ("left", "threshold"),
    [(91, None), (90, 90), (89, 90), (61, 90), (60, 60), (31, 60), (30, 30), (1, 30), (0, 30), (-1, 0), (-400, 0)],
)
def test_the_rule_of_days_is_inclusive(left, threshold) -> None:
    assert days_left(LAST, before(left)) == left
    assert threshold_due(LAST, before(left)) == threshold


def test_a_leap_day_is_a_day() -> None:
    assert days_left(date(2028, 3, 1), date(2028, 2, 28)) == 2
    assert threshold_due(date(2028, 5, 29), date(2028, 2, 29)) == 90
    assert threshold_due(date(2028, 5, 29), date(2028, 2, 28)) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Prénom NOM", "NOM Prénom", True), ("Zoé D'ARC", "zoe d arc", True), ("Prénom NOM", "Autre NOM", False)],
)
def test_who_is_the_same_person(one, other, same) -> None:
    assert same_person(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Président", "Présidente", True),
        ("Directeur général", "directrice générale", True),
        ("Maire", "Maire adjoint", False),
        ("1er adjoint", "2e adjoint", False),
        ("Première adjointe", "Premier adjoint", True),
    ],
)
def test_which_functions_are_one(one, other, same) -> None:
    assert same_function(one, other) is same


@pytest.mark.parametrize(
    ("function", "elective"),
    [
        ("Maire", True),
        ("Présidente du CCAS", True),
        ("1re adjointe", True),
        ("Vice-président", True),
        ("Conseillère déléguée", True),
        ("Secrétaire de mairie", False),
        ("Directrice de cabinet du maire", False),
        ("Directeur général des services", False),
    ],
)
def test_which_functions_an_election_ends(function, elective) -> None:
    assert is_elective(function) is elective


@pytest.mark.django_db
def test_each_threshold_is_announced_once(directory) -> None:
    key = keys.registered()
    assert units(before(91)) == []
    for threshold in (90, 60, 30):
        assert units(before(threshold)) == [f"expiry:{key.pk}:{threshold}"]
        assert run_day(before(threshold)) == [True]
        assert units(before(threshold)) == units(before(threshold - 1)) == []
        assert keys_daily.run(f"expiry:{key.pk}:{threshold}", before(threshold), TESTER, AT) is False
    assert run_day(LAST) == []
    assert (run_day(before(-1)), run_day(before(-2))) == ([True], [])
    assert list(Notice.objects.order_by("pk").values_list("name", "on")) == [
        *((f"key-expiry:{key.pk}:{threshold}", before(threshold)) for threshold in (90, 60, 30)),
        (f"key-expiry:{key.pk}:0", before(-1)),
    ]


@pytest.mark.django_db
def test_what_was_missed_is_caught_up_once_and_the_nearest_alone(directory) -> None:
    key = keys.registered()
    assert units(before(75)) == [f"expiry:{key.pk}:90"]
    assert units(before(45)) == [f"expiry:{key.pk}:60"]
    assert run_day(before(12)) == [True]
    assert run_day(before(11)) == []
    assert keys_daily.run(f"expiry:{key.pk}:90", before(10), TESTER, AT) is False
    (notice,) = Notice.objects.all()
    assert (notice.name, notice.on, notice.body_id) == (f"key-expiry:{key.pk}:30", before(12), key.body_id)
    assert notice.text == (
        "La clé de signature de Prénom NOM, Maire (Ruitz) signe jusqu'au 01/11/2029 compris : encore 12 jours après"
        " aujourd'hui. (aucun contact à qui écrire : à appeler)"
    )


@pytest.mark.django_db
def test_a_key_revoked_or_renewed_is_not_announced(directory) -> None:
    key = keys.registered()
    revoke_key(key_id=key.pk, on=AT.date(), reason="perte", **ACT)
    assert units(before(90)) == []
    assert keys_daily.run(f"expiry:{key.pk}:90", before(90), TESTER, AT) is False


@pytest.mark.django_db
def test_the_contact_is_written_to_with_a_link_of_its_own() -> None:
    quotes.offer()
    asked = quotes.request()
    quotes.issued(asked)
    keys.registered()
    run_day(before(90))
    (letter,) = Message.objects.filter(kind="keys.expiry")
    assert (letter.recipient, letter.subject) == (
        "mairie@exemple.fr",
        "Votre clé de signature expire le 01/11/2029",
    )
    assert "signe jusqu'au 01/11/2029 compris : encore 90 jours après aujourd'hui." in letter.text
    assert "/espace/lien/" in letter.text
    assert Notice.objects.get().text.endswith("(courriel à mairie@exemple.fr)")


@pytest.mark.django_db
def test_once_its_renewal_is_accepted_nobody_is_warned() -> None:
    conventions.offer()
    key = keys.registered()
    quotes.issued(quotes.request())
    asked = renew_key(key_id=key.pk, **ACT)
    assert units(before(90)) == [f"expiry:{key.pk}:90"]
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    conventions.accept_quotes(
        request_id=asked.pk,
        person=conventions.MAYOR,
        way="online",
        answered_on=AT.date(),
        mandate_id=act.pk,
        **ACT,
    )
    assert units(before(90)) == []
    assert keys_daily.run(f"expiry:{key.pk}:90", before(90), TESTER, AT) is False


def mandate(person: str, function: str = "Maire", *, on: date, code: str = "62727") -> object:
    return record_mandate(
        body_id=parties.body(code).pk,
        person=person,
        function=function,
        act="election",
        organ="Conseil municipal",
        adopted_on=on,
        actor=TESTER,
        at=AT.replace(year=2030),
    )


ELECTED, NEXT = date(2026, 11, 20), date(2026, 12, 10)


@pytest.mark.django_db
def test_another_person_in_the_same_function_is_pointed_out(directory) -> None:
    key = keys.registered(first=FIRST)
    keys.registered(function="Secrétaire de mairie")
    mandate("NOM Prénom", on=FIRST)
    assert holder_changes(on=NEXT) == {}
    new = mandate("Autre NOM", on=NEXT)
    assert holder_changes(on=NEXT - timedelta(days=1)) == {}
    change = holder_changes(on=NEXT)[key.pk]
    assert (change.mandate_id, change.words) == (new.pk, "Autre NOM a cette fonction (Maire) depuis le 10/12/2026.")
    assert list(key_list(on=NEXT, queue=KeyQueue.HOLDER_CHANGED)) == [key]

    assert run_day(NEXT) == [True]
    assert run_day(NEXT + timedelta(days=1)) == []
    assert Notice.objects.get().name == f"key-holder:{key.pk}:{new.pk}"
    assert keep_holder(key_id=key.pk, on=NEXT, **ACT) is True
    assert holder_changes(on=NEXT) == {}
    assert keep_holder(key_id=key.pk, on=NEXT, **ACT) is False


@pytest.mark.django_db
def test_a_power_that_ended_is_pointed_out_until_another_is_recorded(directory) -> None:
    key = keys.registered(first=FIRST)
    old = mandate("Prénom NOM", on=FIRST)
    end_mandate(mandate_id=old.pk, last_day=ELECTED, reason="fin de mandat", **ACT)
    assert holder_changes(on=ELECTED) == {}
    assert holder_changes(on=NEXT)[key.pk].words == "Prénom NOM n'a plus cette fonction depuis le 20/11/2026."
    mandate("Prénom NOM", on=NEXT)
    assert holder_changes(on=NEXT) == {}


@pytest.mark.django_db
def test_keys_made_since_or_that_sign_no_more_are_not_pointed_out(directory) -> None:
    mandate("Autre NOM", on=date(2026, 11, 1))
    keys.registered(first=FIRST)
    revoked = keys.registered(first=date(2026, 10, 1))
    assert list(holder_changes(on=NEXT)) == [revoked.pk]
    revoke_key(key_id=revoked.pk, on=AT.date(), reason="fin de fonction", **ACT)
    assert holder_changes(on=NEXT) == {}


@pytest.mark.django_db
def test_queries_of_holders_do_not_grow(directory, django_assert_num_queries) -> None:
    for number, code in enumerate(("62727", "62041", "62001"), start=1):
        keys.registered(body=code, first=date(2026, 10, 1))
        mandate("Autre NOM", on=NEXT, code=code)
        if number in (1, 3):
            with django_assert_num_queries(3):
                assert len(holder_changes(on=NEXT)) == number


@pytest.mark.django_db
def test_elections_are_announced_once_ninety_days_before(directory, settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, elections_on=date(2027, 3, 14))
    assert units(date(2027, 1, 4)) == ["elections:2027-03-14"]
    assert run_day(date(2027, 1, 4)) == [False]  # no key: nothing to say
    keys.registered()
    assert units(date(2026, 12, 13)) == []
    assert run_day(date(2026, 12, 14)) == [True]
    assert run_day(date(2026, 12, 15)) == []
    assert Notice.objects.get().text == ("Élections municipales le 14/03/2027 : 1 clés dont le titulaire peut changer.")


@pytest.mark.django_db
def test_a_key_that_is_none_is_refused_or_changes_nothing(directory) -> None:
    with pytest.raises(JobError, match="Rien de quotidien"):
        keys_daily.run("autre", LAST, TESTER, AT)
    key = keys.registered()
    assert keys_daily.run(f"holder:{key.pk}:1", LAST, TESTER, AT) is False
