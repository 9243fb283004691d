"""Issuing: both quotes or nothing, numbered each in its own series, and never changed afterwards."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.factories import parties, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import NUMBERS_TAKEN
from tripartite.documents.models import Counter, Document
from tripartite.documents.queries import payload_of, pdf_of
from tripartite.journal.queries import entries_about
from tripartite.parties.models import PublicBody
from tripartite.parties.services.figures import declare_figure
from tripartite.quotes.models import Quote, QuoteLine, QuoteVersion
from tripartite.quotes.queries.requests import estimate_request, is_expired, quote_by_number, quotes_in_hand
from tripartite.quotes.services import issuing
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import estimate_digest, issue_quotes, preview_quotes
from tripartite.quotes.services.requests import cancel_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer(db):
    quotes.offer()


def numbers(issued):
    return {issuer: quote.number for issuer, quote in issued.items()}


def counters():
    """How many numbers each issuer has given since the test began, by issuer; those that gave none left out."""
    taken = {counter.issuer: counter.last for counter in Counter.objects.filter(series="quote", year=AT.year)}
    given = {issuer: last - NUMBERS_TAKEN[issuer, "quote"] for issuer, last in taken.items()}
    return {issuer: number for issuer, number in given.items() if number}


def digest(request):
    return estimate_digest(estimate_request(quotes.reread(request), on=quotes.DAY))


def test_each_issuer_has_its_quote_in_its_own_yearly_series():
    assert numbers(quotes.issued()) == {"lfn": "LFN-2026-00012", "cdg62": "CDG62-2026-00047"}
    assert numbers(quotes.issued()) == {"lfn": "LFN-2026-00013", "cdg62": "CDG62-2026-00048"}


def test_each_year_starts_again_at_one():
    quotes.issued()
    assert numbers(quotes.issued(at=quotes.NEXT_YEAR)) == {"lfn": "LFN-2027-00001", "cdg62": "CDG62-2027-00001"}
    assert numbers(quotes.issued()) == {"lfn": "LFN-2026-00013", "cdg62": "CDG62-2026-00048"}


def test_the_year_is_that_of_paris():
    issued = quotes.issued(quotes.request(), at=AT.replace(month=12, day=31, hour=23, minute=30))
    assert issued["lfn"].number == "LFN-2027-00001"
    assert issued["lfn"].version.issued_on == date(2027, 1, 1)


def test_what_is_issued_is_what_the_estimate_says():
    request = quotes.request()
    issued = quotes.issued(request)

    assert {
        issuer: (quote.once_cents, quote.yearly_cents, quote.term_cents, quote.first_year_cents)
        for issuer, quote in issued.items()
    } == {"lfn": (5_000, 14_600, 0, 19_600), "cdg62": (4_000, 10_000, 0, 14_000)}
    assert [(line.service, line.charge, line.amount_cents) for line in issued["lfn"].lines.all()] == [
        ("messagerie-5go", "abonnement", 8_000),
        ("nom-de-domaine", "abonnement", 1_500),
        ("demarches-simplifiees", "mise-en-service", 5_000),
        ("demarches-simplifiees", "abonnement", 5_100),
    ]
    read = quotes.reread(request)
    assert read.state == "quoted"
    assert list(read.versions.all())[-1].grid == "cdg62/2024-03-26"
    (told,) = entries_about("request", request.pk).filter(action="quotes.issue")
    assert told.text == "Devis émis (version 1) : LFN-2026-00012, CDG62-2026-00047."


def test_each_paper_names_the_other_and_their_sum():
    issued = quotes.issued()
    said = payload_of(issued["lfn"].document)
    (companion,) = said["companions"]

    assert (companion["number"], companion["first_year_cents"]) == ("CDG62-2026-00047", 14_000)
    assert (said["together"]["first_year_cents"], said["together"]["yearly_cents"]) == (33_600, 24_600)
    assert payload_of(issued["cdg62"].document)["companions"][0]["number"] == "LFN-2026-00012"


@pytest.mark.parametrize("issuer", ["lfn", "cdg62"])
def test_each_paper_has_the_identity_and_the_vat_of_its_own_issuer(issuer):
    said = payload_of(quotes.issued()[issuer].document)
    own = said["issuer"]

    assert (own["email"], own["phone"]) == (f"contact@{issuer}.exemple.fr", quotes.PHONES[issuer])
    assert own["address"] == quotes.ADDRESSES[issuer].splitlines()
    assert said["vat"]["rate"] == {"lfn": 2000, "cdg62": None}[issuer]
    assert (said["vat"]["mention"] is None) == (issuer == "lfn")


def test_a_quote_says_the_figures_and_the_instant_of_its_issue_not_of_the_request():
    request = quotes.request()
    later = AT + timedelta(days=3)
    declare(1_479, at=later)
    quote = quotes.issued(request, at=later)["lfn"]

    assert (quote.version.issued_on, quote.version.issued_at) == (date(2026, 11, 26), later)
    assert quote.version.estimate["beneficiary"]["population"] == 1_479
    assert [figure["value"] for figure in payload_of(quote.document)["recipient"]["figures"]] == [1_479]


def test_an_issuer_of_whom_nothing_is_asked_issues_a_quote_of_zero():
    issued = quotes.issued(quotes.request({"nom-de-domaine": 1}))
    assert (issued["cdg62"].first_year_cents, issued["cdg62"].lines.count()) == (0, 0)
    assert pdf_of(issued["cdg62"].document_id).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("issuer", "last", "words"),
    [("lfn", date(2027, 2, 21), "21/02/2027"), ("cdg62", date(2027, 1, 22), "22/01/2027")],
)
def test_each_quote_is_valid_as_long_as_its_issuer_says_the_last_day_included(issuer, last, words):
    quote = quotes.issued()[issuer]

    assert quote.valid_until == last
    assert payload_of(quote.document)["valid_until_text"] == words
    assert not is_expired(quote, on=last)
    assert is_expired(quote, on=last + timedelta(days=1))


def test_a_quote_no_longer_in_hand_does_not_expire():
    request = quotes.request()
    quote = quotes.issued(request)["lfn"]
    cancel_request(request_id=request.pk, reason="Abandon.", actor=TESTER, at=AT)
    quote.refresh_from_db()
    assert not is_expired(quote, on=date(2030, 1, 1))


def test_quotes_are_issued_once():
    request = quotes.request()
    quotes.issued(request)
    with pytest.raises(QuoteError, match="déjà émis"):
        quotes.issued(request)
    assert counters() == {"lfn": 1, "cdg62": 1}


def test_a_preview_burns_no_number_and_writes_nothing():
    request = quotes.request()
    previews = preview_quotes(request=quotes.reread(request), on=quotes.DAY)

    assert set(previews) == {"lfn", "cdg62"}
    assert all(pdf.startswith(b"%PDF") for pdf in previews.values())
    assert (counters(), Document.objects.count(), QuoteVersion.objects.count()) == ({}, 0, 0)
    assert numbers(quotes.issued(request))["lfn"] == "LFN-2026-00012"


def test_nothing_is_written_while_a_line_waits():
    request = quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    with pytest.raises(QuoteError) as refused:
        quotes.issued(request)

    assert str(refused.value) == (
        "Ces lignes sur devis attendent un prix : Stockage supplémentaire (La Fibre Numérique 59-62)."
    )
    assert (counters(), Document.objects.count(), QuoteVersion.objects.count()) == ({}, 0, 0)
    quotes.price(request)
    assert numbers(quotes.issued(request))["lfn"] == "LFN-2026-00012"


def test_what_changed_since_it_was_seen_is_not_issued():
    request = quotes.request()
    seen = digest(request)
    quotes.revised(request, {"messagerie-5go": 6})

    with pytest.raises(QuoteError, match="ont changé depuis l'affichage"):
        quotes.issued(request, seen=seen)
    assert counters() == {}
    assert len(quotes.issued(request, seen=digest(request))) == 2


def test_a_price_given_since_it_was_seen_counts_as_a_change():
    request = quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    seen = digest(request)
    quotes.price(request)
    with pytest.raises(QuoteError, match="ont changé"):
        quotes.issued(request, seen=seen)


def test_a_population_that_changes_no_price_is_not_a_change():
    request = quotes.request({"messagerie-5go": 4})
    seen = digest(request)
    declare(640)
    assert digest(request) == seen


def test_a_population_that_changes_the_price_since_it_was_seen_counts_as_a_change():
    request = quotes.request()
    seen = digest(request)
    declare(640)
    with pytest.raises(QuoteError, match="ont changé"):
        quotes.issued(request, seen=seen)


def declare(population, at=AT):
    declare_figure(
        body_id=parties.body().pk,
        measure="population",
        counted="municipale",
        value=population,
        declared_by="Prénom NOM, maire",
        actor=TESTER,
        at=at,
    )


def test_an_order_that_lost_its_tariff_is_not_issued():
    request = quotes.request()
    with pytest.raises(QuoteError, match=r"ne peut plus être chiffrée\. Aucun tarif n'est en vigueur le 01/03/2024"):
        quotes.issued(request, at=AT.replace(year=2024, month=3, day=1))


def test_a_request_that_does_not_exist_is_refused():
    with pytest.raises(QuoteError, match="n'existe pas"):
        issue_quotes(request_id=404, actor=TESTER, at=AT)


@pytest.mark.parametrize("step", ["render_all", "store_documents", "_rows", "journal"])
def test_a_crash_in_the_middle_leaves_nothing(monkeypatch, step):
    request = quotes.request()
    lines = len(entries_about("request", request.pk))

    def crash(*given, **named):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(issuing, step, crash)
        with pytest.raises(MemoryError):
            quotes.issued(request)

    assert counters() == {}
    assert (Document.objects.count(), QuoteVersion.objects.count(), Quote.objects.count()) == (0, 0, 0)
    assert quotes.reread(request).state == "received"
    assert len(entries_about("request", request.pk)) == lines
    assert numbers(quotes.issued(request)) == {"lfn": "LFN-2026-00012", "cdg62": "CDG62-2026-00047"}


def test_a_second_version_replaces_the_first_and_says_what_changed():
    request = quotes.request()
    first = quotes.issued(request)
    quotes.revised(request, {"messagerie-5go": 6, "page-internet": 1, "demarches-simplifiees": 1})
    second = quotes.issued(request)
    said = payload_of(second["cdg62"].document)

    assert numbers(second) == {"lfn": "LFN-2026-00013", "cdg62": "CDG62-2026-00048"}
    assert (said["version"], said["supersedes"]) == (2, "CDG62-2026-00047")
    messaging, domain, page, lfn, cdg = (
        "Messagerie, compte 5 Go : 4 → 6 comptes.",
        "Nom de domaine : retiré.",
        "Page internet : ajouté (1).",
        "La Fibre Numérique 59-62, première année : 196,00\u00a0€ → 235,00\u00a0€.",
        "CDG 62, première année : 140,00\u00a0€ → 260,00\u00a0€.",
    )
    assert second["lfn"].version.what_changed.splitlines() == [messaging, domain, page, lfn, cdg]
    assert said["changes"] == [messaging, page, cdg]
    assert payload_of(second["lfn"].document)["changes"] == [messaging, domain, page, lfn]
    for quote in first.values():
        quote.refresh_from_db()
        assert (quote.state, quote.state_label) == ("superseded", "remplacé")
    assert quotes_in_hand([request])[request.pk] == second


def test_a_quote_that_the_new_version_leaves_alone_says_so():
    request = quotes.request({"messagerie-5go": 4, "nom-de-domaine": 1})
    quotes.issued(request)
    quotes.revised(request, {"messagerie-5go": 4, "nom-de-domaine": 2})
    second = quotes.issued(request)
    assert payload_of(second["cdg62"].document)["changes"] == [
        "Rien ne change pour CDG 62 : seul l'autre devis change."
    ]
    assert payload_of(second["lfn"].document)["changes"][0] == "Nom de domaine : 1 → 2 noms de domaine."


def test_a_second_version_says_that_figures_and_holdings_changed():
    request = quotes.request({"messagerie-5go": 4, "demarches-simplifiees": 1}, in_service={"messagerie-5go": 1})
    quotes.issued(request)
    declare(640)
    quotes.revised(request, {"messagerie-5go": 4, "demarches-simplifiees": 1})
    changes = quotes.issued(request)["lfn"].version.what_changed.splitlines()

    assert changes[:3] == [
        "Déjà en service, Messagerie, compte 5 Go : retiré.",
        "Catégorie : B → A.",
        "Population : 1\u202f478 → 640.",
    ]


def test_the_same_order_issued_again_changes_nothing_but_dates():
    request = quotes.request()
    quotes.issued(request)
    quotes.revised(request, quotes.ORDINARY, reason="Devis expirés.")
    again = quotes.issued(request)["lfn"]
    assert (again.version.version, again.version.what_changed) == (2, "")


def test_versions_follow_one_another_without_end():
    request = quotes.request()
    for version in range(1, 5):
        if version > 1:
            quotes.revised(request, {"messagerie-5go": version})
        assert quotes.issued(request)["lfn"].version.version == version
    assert [quote.state for quote in Quote.objects.filter(issuer="lfn")] == ["superseded"] * 3 + ["issued"]


def test_an_issued_paper_never_changes():
    request = quotes.request()
    quote = quotes.issued(request)["lfn"]
    before = (quote.document.payload, pdf_of(quote.document_id))

    declare(640)
    quotes.complete_issuers(address="2 place Neuve\n62000 Arras")
    PublicBody.objects.filter(code_insee=quotes.RUITZ).update(name="Autre nom")
    quotes.revised(request, {"messagerie-5go": 9})
    quotes.issued(request)

    kept = quote_by_number("LFN-2026-00012")
    assert (kept.document.payload, pdf_of(kept.document_id)) == before
    said = payload_of(kept.document)["recipient"]
    assert (said["name"], said["legal"], said["figures"][0]["value"]) == ("Ruitz", "la commune de Ruitz", 1_478)
    assert kept.version.estimate["beneficiary"]["population"] == 1_478
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        Document.objects.filter(pk=kept.document_id).update(title="Autre")


@pytest.mark.parametrize(
    "change",
    [
        lambda quote: Quote.objects.filter(issuer="cdg62").update(issuer="lfn", number=quote.number),
        lambda _quote: Quote.objects.update(once_cents=-1),
        lambda _quote: QuoteLine.objects.update(amount_cents=None),
        lambda _quote: QuoteLine.objects.update(position=1),
    ],
    ids=["a number twice", "below zero", "without an amount", "two lines in one place"],
)
def test_the_database_refuses_quotes_that_make_no_sense(change):
    quote = quotes.issued()["lfn"]
    with pytest.raises(IntegrityError), transaction.atomic():
        change(quote)


def test_issuing_asks_the_database_the_same_few_questions_whatever_is_ordered(django_assert_num_queries):
    small, large = quotes.request({"nom-de-domaine": 1}), quotes.request(quotes.ORDINARY | {"sauvegarde": 2})
    quotes.issued()
    # Two are the savepoint of a test; six read (the request with its body, figures, declared figures, grids, versions
    # before, issuers), one takes both numbers, seven write, five write the letter, its link and its papers.
    with django_assert_num_queries(21):
        quotes.issued(small)
    with django_assert_num_queries(21):
        quotes.issued(large)
