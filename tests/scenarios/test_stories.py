"""Every story of this folder, through every door: the same file, the same expectations, no code written."""

from pathlib import Path

import pytest

from tests.scenarios.running import DOORS, run_story
from tests.scenarios.story import read_story
from tests.words.codes import codes, seen_in
from tripartite.documents.models import Document
from tripartite.journal.models import Entry
from tripartite.messages.models import Message

STORIES = sorted(Path(__file__).parent.glob("*.toml"))
BY_EACH_DOOR = [door if door == "http" else pytest.param(door, marks=pytest.mark.one_base) for door in DOORS]
"""What the other doors ask of the base, screens do too: by them a story goes on SQLite alone."""


@pytest.mark.django_db
@pytest.mark.parametrize("door", BY_EACH_DOOR)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path, door):
    told = list(run_story(read_story(path), door))
    assert [f"{one.step} : {difference}" for one in told for difference in one.differences] == []
    if door == "services":
        assert codes_written(told[-1].step.on) == []
        assert Entry.objects.count() > 5


def codes_written(on):
    """What the journal, the letters and the titles of papers show, act by act, of the codes of states, kinds, roles,
    verbs and services.
    """
    known = codes(on)
    assert {"partly-signed", "quotes.issue", "stockage-supplementaire", "beneficiary", "lfn"} <= known
    return [
        (str(where), sorted(found))
        for where, text in [
            *((entry.action, f"{entry.actor} {entry.text}") for entry in Entry.objects.all()),
            *((message.kind, f"{message.subject} {message.text}") for message in Message.objects.all()),
            *((document.kind, document.title) for document in Document.objects.all()),
        ]
        if (found := seen_in(text, known))
    ]
