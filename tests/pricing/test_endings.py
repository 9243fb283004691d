"""Who may end what, and when: each ground of the shipped text, on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.calendar import last_notice_day
from tripartite.pricing.endings import Effect, EndingError, EndingRule, Lasting, Moment, default_rules, foresee

THREE = Lasting(date(2027, 1, 15), years=3, renewals=1, notice_months=3)
ALL = ("beneficiary", "lfn", "cdg62")


def rule(at: Moment, effect: Effect = Effect.CONVENTION, **more: object) -> EndingRule:
    return EndingRule("key", "motif", ALL, at, effect, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ending", "received", "formal", "last"),
    [
        (rule(Moment.DUE_DATE), date(2027, 10, 14), None, date(2028, 1, 14)),
        (rule(Moment.DUE_DATE), date(2027, 10, 15), None, date(2029, 1, 14)),
        (rule(Moment.DUE_DATE, notice_months=0), date(2028, 1, 14), None, date(2028, 1, 14)),
        (rule(Moment.DUE_DATE, notice_months=0), date(2028, 1, 15), None, date(2029, 1, 14)),
        (rule(Moment.NOTICE, notice_months=6), date(2027, 8, 31), None, date(2028, 2, 29)),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 5, 1), date(2027, 4, 1), date(2027, 5, 1)),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 4, 2), date(2027, 4, 1), date(2027, 5, 1)),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 4, 1), date(2027, 4, 1), date(2027, 5, 1)),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 1, 15), date(2027, 1, 15), date(2027, 2, 14)),
        (rule(Moment.TERM), date(2029, 10, 14), None, date(2030, 1, 14)),
    ],
)
def test_each_moment_has_its_day(ending, received, formal, last):
    assert foresee(ending, THREE, received_on=received, formal_on=formal).last_day == last


def test_a_service_ends_at_its_own_due_date():
    ending = rule(Moment.DUE_DATE, Effect.SERVICE)
    assert foresee(ending, THREE, received_on=date(2027, 5, 1), anchor_on=date(2027, 3, 10)).last_day == date(
        2028, 3, 9
    )


def test_a_late_refusal_of_the_renewal_is_not_had_by_a_termination():
    late = date(2029, 10, 15)
    with pytest.raises(EndingError, match="au plus tard le 14/10/2029"):
        foresee(rule(Moment.TERM), THREE, received_on=late)
    for ending in (rule(Moment.DUE_DATE), rule(Moment.NOTICE)):
        assert foresee(ending, THREE, received_on=late).last_day > date(2030, 1, 14)


def test_nothing_lasts_beyond_the_last_renewal():
    done = foresee(rule(Moment.NOTICE, notice_months=6), THREE, received_on=date(2032, 12, 1))
    assert (done.last_day, "ramené au terme du 14/01/2033" in done.why) == (date(2033, 1, 14), True)

    short = Lasting(date(2027, 1, 15), years=1, renewals=1, notice_months=24)
    assert foresee(rule(Moment.NOTICE), short, received_on=date(2027, 6, 1)).last_day == date(2029, 1, 14)


def test_the_last_day_of_a_term_is_in_it():
    last = foresee(rule(Moment.NOTICE, notice_months=0), THREE, received_on=date(2030, 1, 14))
    assert (last.last_day, "première période" in last.reasons[0]) == (date(2030, 1, 14), True)
    assert foresee(rule(Moment.NOTICE), THREE, received_on=date(2033, 1, 14)).last_day == date(2033, 1, 14)


@pytest.mark.parametrize(
    ("ending", "received", "formal", "message"),
    [
        (rule(Moment.TERM), date(2031, 1, 1), None, "pas de reconduction à dénoncer"),
        (rule(Moment.NOTICE), date(2027, 1, 14), None, "dure du 15/01/2027 au 14/01/2033"),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 4, 2), None, "Quel jour la mise en demeure"),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 4, 2), date(2027, 4, 3), "vient avant la résiliation"),
        (rule(Moment.FORMAL_NOTICE, after_days=30), date(2027, 4, 2), date(2027, 1, 14), "que depuis le 15/01/2027"),
    ],
)
def test_what_the_text_does_not_give_is_refused_with_its_reason(ending, received, formal, message):
    with pytest.raises(EndingError, match=message):
        foresee(ending, THREE, received_on=received, formal_on=formal)


def test_a_refund_and_what_stops_are_said():
    part = rule(Moment.NOTICE, Effect.OWN_PART, notice_months=6, refunds=True)
    reasons = foresee(part, THREE, received_on=date(2027, 2, 1)).reasons
    assert reasons == (
        "Le jour de la réception est dans la première période, du 15/01/2027 au 14/01/2030.",
        "Les services continuent : seule la part de cet émetteur s'arrête ce jour-là.",
        "Les sommes payées pour une période qui n'est pas servie sont rendues.",
    )


@given(st.dates(date(2027, 1, 15), date(2030, 1, 14)), st.integers(0, 12))
def test_a_refusal_is_in_time_up_to_its_last_day_in_the_term_that_holds_it(received: date, months: int) -> None:
    lasting = Lasting(THREE.in_force_on, 3, 1, months)
    (refusal, _) = default_rules(ALL)
    term = lasting.terms[0]
    if received <= last_notice_day(term.ends_on, months):
        assert foresee(refusal, lasting, received_on=received).last_day == term.ends_on
    else:
        with pytest.raises(EndingError):
            foresee(refusal, lasting, received_on=received)


@given(st.dates(date(2027, 1, 15), date(2032, 12, 31)), st.integers(0, 11))
def test_a_later_notice_never_ends_earlier(received: date, months: int) -> None:
    for moment in (Moment.DUE_DATE, Moment.NOTICE):
        ending = rule(moment, notice_months=months)
        first = foresee(ending, THREE, received_on=received).last_day
        assert received <= first <= foresee(ending, THREE, received_on=received + timedelta(days=1)).last_day
