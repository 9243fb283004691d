"""Nothing is issued, sent or signed for a body that has ended: each act refuses, and names the successor."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import conventions, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, MAYOR, SCAN, read, signatory
from tripartite.conventions.services.amending import ask_for_amendment
from tripartite.conventions.services.codes import send_code, tell_code
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.reminders import (
    quotes_to_remind,
    remind_of_quotes,
    remind_signatory,
    signatories_to_remind,
)
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import Consent, record_paper_signature, sign_here
from tripartite.going_live.services.activations import open_renewal
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.parts import go_live
from tripartite.messages.models import Message
from tripartite.parties.models import PublicBody
from tripartite.quotes.services.answers import accept_quotes, refuse_quotes
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import revise_request

pytestmark = pytest.mark.django_db
ACT: dict[str, Any] = {"actor": TESTER, "at": AT}
GONE = r"^Ruitz n'existe plus depuis le 22/11/2026 : voir Arras\.$"


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def end(body: Any = None, *, last: date = DAY - timedelta(days=1), into: bool = True) -> None:
    found = body or parties.body(quotes.RUITZ)
    successor = parties.body(quotes.ARRAS) if into else None
    PublicBody.objects.filter(pk=found.pk).update(ended_on=last, merged_into=successor)


def test_quotes_are_not_issued_nor_asked_again() -> None:
    asked = quotes.request()
    end()
    with pytest.raises(QuoteError, match=GONE):
        issue_quotes(request_id=asked.pk, **ACT)
    with pytest.raises(QuoteError, match=GONE):
        revise_request(request_id=asked.pk, order={"lines": [{"service": "antivirus", "quantity": 9}]}, **ACT)


def accept(asked: Any, on: date) -> Any:
    return accept_quotes(request_id=asked.pk, person=MAYOR, way="online", answered_on=on, **ACT)


def test_quotes_are_not_accepted_but_on_its_last_day_and_may_be_refused() -> None:
    asked, other, late = (quotes.request() for _ in range(3))
    for one in (asked, other, late):
        quotes.issued(one)
    end(last=DAY)
    accept(asked, DAY)
    end()
    with pytest.raises(QuoteError, match=GONE):
        accept(other, DAY)
    refuse_quotes(request_id=late.pk, person=MAYOR, reason="Fusion", answered_on=DAY, way="online", **ACT)


def test_a_convention_is_not_prepared() -> None:
    asked = conventions.accepted()
    end()
    with pytest.raises(ConventionError, match=GONE):
        draft_convention(request_id=asked.pk, **ACT)


def test_a_convention_is_not_sent() -> None:
    draft = conventions.drafted()
    end()
    with pytest.raises(ConventionError, match=GONE):
        send_convention(convention_id=draft.pk, **ACT)
    assert read(draft).state == "draft"


@pytest.mark.parametrize("role", ["beneficiary", "lfn"])
def test_nobody_signs_nor_gets_a_code(role: str) -> None:
    sent = conventions.sent()
    one = signatory(sent, role)
    end()
    consent = Consent("lu", "maire@exemple.fr", "192.0.2.1", "Navigateur")
    for act in (
        lambda: record_paper_signature(signatory_id=one.pk, signed_on=DAY, scan=SCAN, original_place="Mairie", **ACT),
        lambda: sign_here(signatory_id=one.pk, consent=consent, **ACT),
        lambda: send_code(signatory_id=one.pk, **ACT),
        lambda: tell_code(signatory_id=one.pk, **ACT),
    ):
        with pytest.raises(ConventionError, match=GONE):
            act()
    assert read(sent).state == "sent"


def test_nobody_is_reminded() -> None:
    asked = quotes.request()
    quotes.issued(asked)
    sent = conventions.sent()
    one = conventions.name_signatory(signatory(sent, "beneficiary"), email="maire@exemple.fr")
    later = DAY + timedelta(days=30)
    assert quotes_to_remind(on=later, days=range(90))
    assert signatories_to_remind(on=later, every=7)
    end()
    letters = Message.objects.count()
    assert not quotes_to_remind(on=later, days=range(90))
    assert not signatories_to_remind(on=later, every=7)
    at = AT + timedelta(days=30)
    assert not remind_of_quotes(request_id=asked.pk, left=30, actor=TESTER, at=at)
    assert not remind_signatory(signatory_id=one.pk, on=later, every=7, actor=TESTER, at=at)
    assert Message.objects.count() == letters


def test_the_key_of_a_dissolved_body_is_not_renewed_that_of_a_merged_one_is_for_the_successor() -> None:
    key = keys.registered()
    end(into=False)
    with pytest.raises(QuoteError, match=r"^Ruitz n'existe plus depuis le 22/11/2026\.$"):
        renew_key(key_id=key.pk, **ACT)
    end()
    assert renew_key(key_id=key.pk, **ACT).beneficiary == parties.body(quotes.ARRAS)


def test_what_renews_is_not_opened() -> None:
    running = subscriptions.in_force()
    asked = conventions.accepted()
    end()
    with pytest.raises(GoingLiveError, match=GONE):
        open_renewal(request_id=asked.pk, convention_id=running.pk, **ACT)


def test_nothing_goes_live_for_a_dissolved_body_and_goes_live_for_the_successor() -> None:
    (activation,) = subscriptions.opened({"messagerie-5go": 2}).values()
    subscriptions.waive_all(activation)
    end(into=False)
    with pytest.raises(GoingLiveError, match=r"^Ruitz n'existe plus depuis le 22/11/2026\.$"):
        go_live(activation_id=activation.pk, live_on=DAY, **ACT)
    end()
    made = go_live(activation_id=activation.pk, live_on=DAY, **ACT)
    assert made.subscription.body == parties.body(quotes.ARRAS)


def test_no_amendment_is_asked_for() -> None:
    running = subscriptions.in_force()
    end()
    with pytest.raises(QuoteError, match=GONE):
        ask_for_amendment(convention_id=running.pk, wanted={"messagerie-5go": 9}, **ACT)


def test_the_last_successor_is_named() -> None:
    end(parties.body(quotes.ARRAS), into=False)
    other = PublicBody.objects.exclude(code_insee__in=(quotes.RUITZ, quotes.ARRAS)).filter(ended_on=None).first()
    assert other
    PublicBody.objects.filter(pk=parties.body(quotes.ARRAS).pk).update(merged_into=other)
    PublicBody.objects.filter(pk=parties.body(quotes.RUITZ).pk).update(
        ended_on=DAY - timedelta(days=3), merged_into=parties.body(quotes.ARRAS)
    )
    with pytest.raises(QuoteError, match=f"voir {other.name}"):
        quotes.request()
