"""Laws of the import, tried on directories made up at random from the real communes."""

import string
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories.accounts import AT
from tests.parties.files import COMMUNES, LATER, commune, load, raw, snapshot, written
from tripartite.parties.models import PublicBody
from tripartite.parties.services.reading import ImportRefused

pytestmark = pytest.mark.django_db

CODES = list(COMMUNES)[:40]
quickly = settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

listings = st.lists(st.sampled_from(CODES), min_size=1, max_size=12, unique=True).flatmap(
    lambda codes: st.tuples(
        *(
            st.builds(
                commune,
                st.just(code),
                nom=st.text(string.ascii_letters, min_size=1, max_size=12),
                population=st.sampled_from(["", "0", "1478", "1500"]),
                annee_population=st.sampled_from(["", "2022", "2023"]),
                codes_postaux=st.sampled_from(["", "62620", "62620 62000"]),
            )
            for code in codes
        )
    )
)


def undone(story):
    """Play a story in a transaction that is rolled back: each example starts from an empty directory."""
    with transaction.atomic():
        story()
        transaction.set_rollback(True)


def load_in_turn(files):
    for day, lines in enumerate(files):
        load(written(*lines), at=AT + timedelta(days=day))


@quickly
@given(st.lists(listings, min_size=1, max_size=3))
def test_the_last_file_imported_again_changes_nothing(files):
    def story():
        load_in_turn(files)
        once = snapshot()
        report = load(written(*files[-1]), at=LATER)
        assert snapshot() == once
        assert (report.added, report.changed, report.gone, report.merged, report.figures) == ((), (), (), (), 0)
        assert report.unchanged == len(files[-1])

    undone(story)


@quickly
@given(st.lists(listings, min_size=1, max_size=3))
def test_what_the_last_file_lists_is_as_it_says_the_rest_is_marked_and_none_is_ever_lost(files):
    def story():
        load_in_turn(files)
        assert not PublicBody.objects.exclude(ended_on=None).exists()
        listed = set(PublicBody.objects.filter(unlisted_on=None).values_list("siren", "name"))
        assert listed == {(line["siren"], line["nom"]) for line in files[-1]}
        met = {line["siren"] for lines in files for line in lines}
        assert set(PublicBody.objects.values_list("siren", flat=True)) == met

    undone(story)


@quickly
@given(listings, listings)
def test_a_dry_run_foretells_the_import(first, second):
    def story():
        load(written(*first))
        said = load(written(*second), at=LATER, dry=True)
        done = load(written(*second), at=LATER)
        assert (said.added, said.merged, said.gone) == (done.added, done.merged, done.gone)
        assert (said.unlisted, said.unchanged, said.figures) == (done.unlisted, done.unchanged, done.figures)
        assert said.changed == done.changed

    undone(story)


@quickly
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_content_is_either_imported_or_refused_line_by_line(content):
    header = b"code_insee,nom,siren,departement\n"
    for file in (raw(content), raw(header + content)):
        with pytest.raises(ImportRefused) as refused:
            load(file)
        assert all(finding.line >= 1 for finding in refused.value.findings)
