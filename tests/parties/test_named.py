"""Lists find a body by its name as the estimator does, on both databases."""

from uuid import uuid4

import pytest

from tests.factories import parties
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.search import named
from tripartite.quotes.queries.requests import request_list

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Saint-Étienne-au-Mont", "etienne"),
        ("Saint-Étienne-au-Mont", "ÉTIENNE"),
        ("Saint-Étienne-au-Mont", "saint-etienne"),
        ("Saint-Étienne-au-Mont", "St-Étienne"),
        ("Œuf-en-Ternois", "oeuf"),
        ("Communauté de communes du Haut-Pays du Montreuillois", "CC"),
        ("Steenwerck", "ste"),
    ],
)
def test_a_name_is_found_in_any_spelling(name: str, typed: str) -> None:
    parties.directory()
    body = PublicBody.objects.first()
    assert body is not None
    other = PublicBody.objects.exclude(pk=body.pk).first()
    assert other is not None
    renamed(body, name)
    found = PublicBody.objects.filter(epci__isnull=False)
    found.update(epci=body)
    assert PublicBody.objects.filter(named(typed, "epci")).count() == found.count() > 0
    assert not PublicBody.objects.filter(named("zzyzx", "epci")).exists()


def test_a_word_of_signs_alone_finds_nothing_and_breaks_nothing() -> None:
    parties.directory()
    assert not request_list(text="-- ' %").exists()


def renamed(body: PublicBody, name: str) -> None:
    """As an import does: what was read of the directory is read again."""
    from tripartite.parties.models import DirectoryRevision  # noqa: PLC0415

    body.name = name
    body.save()
    DirectoryRevision.objects.update(token=uuid4().hex)
