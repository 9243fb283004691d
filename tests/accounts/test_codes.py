"""One-time codes: six figures, ten minutes, five tries, one live code of a subject, for one paper alone."""

import re
from datetime import timedelta

import pytest

from tests.accounts.test_access_links import everything_kept
from tests.factories.accounts import AT, TESTER
from tripartite.accounts.services.codes import CodeError, Verdict, check_code, issue_code
from tripartite.journal.queries import entries_about

ABOUT = ("request", 7)
PAPER, CHANGED = "a" * 64, "b" * 64
SECOND = timedelta(seconds=1)
TEN = timedelta(minutes=10)

pytestmark = pytest.mark.django_db


def issue(subject="12", paper=PAPER, at=AT, purpose="sign", channel="email"):
    return issue_code(purpose=purpose, subject=subject, paper=paper, channel=channel, about=ABOUT, actor=TESTER, at=at)


def check(code, subject="12", paper=PAPER, at=AT, purpose="sign"):
    return check_code(purpose=purpose, subject=subject, paper=paper, code=code, about=ABOUT, actor=TESTER, at=at)


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_serves_once() -> None:
    code = issue()
    assert re.fullmatch(r"\d{6}", code)
    assert (check(code), check(code)) == (Verdict.RIGHT, Verdict.NONE)


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}"])
def test_figures_are_read_however_they_are_grouped(typed) -> None:
    code = issue()
    assert check(typed.format(code[:3], code[3:])) is Verdict.RIGHT


@pytest.mark.parametrize("typed", ["", "abcdef", "1" * 500, "é\x00"])
def test_what_is_no_code_is_wrong(typed) -> None:
    issue()
    assert check(typed) is Verdict.WRONG


def test_a_code_lasts_ten_minutes() -> None:
    code = issue()
    assert check(code, at=AT + TEN) is Verdict.EXPIRED
    assert check(code, at=AT + TEN - SECOND) is Verdict.RIGHT


def test_the_fifth_wrong_code_is_the_last() -> None:
    code = issue()
    wrong = [check(other_than(code)) for _ in range(5)]
    assert wrong == [Verdict.WRONG] * 4 + [Verdict.EXHAUSTED]
    assert check(code) is Verdict.EXHAUSTED
    assert check(issue()) is Verdict.RIGHT


def test_the_fifth_try_may_be_the_right_one() -> None:
    code = issue()
    for _ in range(4):
        check(other_than(code))
    assert check(code) is Verdict.RIGHT


def test_a_newer_code_replaces_the_former() -> None:
    first, second = issue(), issue()
    assert first == second or check(first) is Verdict.WRONG
    assert check(second) is Verdict.RIGHT


def test_a_code_is_worth_nothing_for_another_paper_nor_afterwards() -> None:
    code = issue()
    assert check(code, paper=CHANGED) is Verdict.CHANGED
    assert (check(code, paper=CHANGED), check(code)) == (Verdict.NONE, Verdict.NONE)


def test_a_code_is_worth_nothing_for_another_person_or_act() -> None:
    code = issue()
    assert check(code, subject="13") is Verdict.NONE
    assert check(code, purpose="read") is Verdict.NONE
    assert check(code) is Verdict.RIGHT


def test_two_persons_have_each_their_own() -> None:
    codes = {subject: issue(subject) for subject in ("12", "13")}
    assert {check(code, subject) for subject, code in codes.items()} == {Verdict.RIGHT}


def test_codes_are_counted_by_the_hour_and_by_the_day() -> None:
    hour, given = timedelta(hours=1), 0
    for step in range(5):
        issue(at=AT + step * SECOND)
    with pytest.raises(CodeError, match="Attendez une heure"):
        issue(at=AT + hour - SECOND)
    for step in range(7):
        issue(at=AT + (step + 1) * 2 * hour)
        given += 1
    assert given == 7
    with pytest.raises(CodeError):
        issue(at=AT + 16 * hour)
    issue(subject="13")


def test_a_code_counts_for_one_hour_and_not_at_its_end() -> None:
    for step in range(5):
        issue(at=AT + step * SECOND)
    issue(at=AT + timedelta(hours=1))


def test_no_code_is_in_the_base_nor_in_the_journal() -> None:
    codes = [issue(), issue("13", channel="phone")]
    check(codes[0])
    check(other_than(codes[1]), "13")
    kept = everything_kept()
    assert [code for code in codes if re.search(rf"(?<!\d){code}(?!\d)", kept.replace("microsecond", ""))] == []


def test_the_journal_tells_each_code_and_each_refusal() -> None:
    code = issue(channel="phone")
    check(other_than(code))
    check(code)
    assert [(entry.action, entry.text) for entry in entries_about(*ABOUT)] == [
        ("accounts.issue-code", "Code donné par téléphone, valable dix minutes."),
        ("accounts.refuse-code", "Code refusé."),
    ]
