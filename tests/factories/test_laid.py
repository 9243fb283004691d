"""What is laid again is what was built, row for row, and only on what it was built on."""

from dataclasses import replace

import pytest

from tests.factories import accounts, conventions, parties, subscriptions
from tests.factories.laid import UnkeyedError, _held, _numbers, laid
from tripartite.conventions.models import Convention
from tripartite.parties.services.bodies import complete_body

pytestmark = pytest.mark.django_db
KEPT_FROM_ONE_TO_THE_NEXT = {}


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_laid_again_is_what_was_built(turn) -> None:
    conventions.offer()
    accounts.account(email="premier@lfn.exemple.fr")
    running = subscriptions.running({"messagerie-5go": 3})
    found = (_held(), _numbers(), running, [one.pk for one in running.values()])
    assert KEPT_FROM_ONE_TO_THE_NEXT.setdefault("found", found) == found
    assert len(found[0]["documents_content"]) == 8  # the papers of its file, and the copies that its parties signed
    accounts.account(email="second@lfn.exemple.fr")  # numbers go on after those that were put back


def test_rows_that_are_answered_are_others_each_time() -> None:
    @laid
    def named():
        return parties.body()

    conventions.offer()
    first, second = named(), named()
    assert first == second
    assert first is not second


def test_it_is_built_for_each_state_each_argument_and_each_setting(settings) -> None:
    built = []

    @laid
    def build(*said, **named):
        built.append((said, named))

    def times(*said, **named):
        built.clear()
        build(*said, **named)
        build(*said, **named)
        return len(built)

    conventions.offer()
    assert (times(), times(1), times("1"), times(True), times(one=1), times({"a": 1}), times([1])) == (1,) * 7
    assert (times(), times(1), times("1"), times(True), times(one=1), times({"a": 1}), times([1])) == (0,) * 7
    settings.CONFIG = replace(settings.CONFIG, public_url="https://ailleurs.exemple.fr")
    assert (times(), times()) == (1, 0)
    body = parties.body()
    complete_body(body_id=body.pk, changes={"address": "Ailleurs"}, actor=accounts.TESTER, at=accounts.AT)
    assert (times(), times()) == (1, 0)
    assert times(body) == 1
    assert times(parties.body("62041")) == 1


def test_what_cannot_be_told_apart_is_built_each_time() -> None:
    built = []

    @laid
    def build(said):
        built.append(said)

    conventions.offer()
    for _ in range(2):
        build(object)
    assert len(built) == 2


def test_what_fails_is_not_kept() -> None:
    @laid
    def build():
        raise UnkeyedError

    conventions.offer()
    for _ in range(2):
        with pytest.raises(UnkeyedError):
            build()


def test_what_a_build_changed_is_changed_again() -> None:
    @laid
    def build():
        complete_body(body_id=parties.body().pk, changes={"address": "1 rue X"}, actor=accounts.TESTER, at=accounts.AT)
        Convention.objects.filter(pk=draft.pk).delete()

    def state():
        return parties.body().address, Convention.objects.count()

    from django.db import transaction  # noqa: PLC0415

    conventions.offer()
    draft = conventions.read(
        conventions.draft_convention(request_id=conventions.accepted().pk, actor=accounts.TESTER, at=accounts.AT)
    )
    draft.signatories.all().delete()
    for _ in range(2):
        with transaction.atomic():
            assert state()[1] == 1
            build()
            assert state() == ("1 rue X", 0)
            transaction.set_rollback(True)
