"""What a visitor declares prices its request, says its author, and becomes a figure of the body once confirmed."""

import json

import pytest

from tests.factories import parties, quotes
from tests.factories.accounts import AT, TESTER
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.declared_figures import shown_figures
from tripartite.quotes.queries.requests import estimate_request, facts_for
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.declared import confirm_figure
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, duplicate_request
from tripartite.quotes.services.retention import forget_contact

DAY = AT.date()
SIREN = "200033579"  # a communauté of 104 000 inhabitants, whose staff nobody has written down
VISITOR = "Prénom NOM, Secrétaire"
SAID = f"déclaré par {VISITOR} le {DAY:%d/%m/%Y}, pour cette demande"

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _offer():
    quotes.offer()


def body():
    return body_by_identifier("siren", SIREN)


def asked(value=3, origin="public", **more):
    return ask_quotes(
        beneficiary=body().pk,
        order=quotes.order({"demarches-simplifiees": 1}),
        contact=Contact("Prénom NOM", "Secrétaire", "agglo@exemple.fr"),
        origin=origin,
        figures=[Declared("staff", "agents", value)],
        declared_by=VISITOR,
        actor=TESTER,
        at=AT,
        **more,
    ).request


def staff():
    return [(one.value, one.declared_by) for one in figures_of(body()) if one.measure == "staff"]


def confirm(wanted):
    (figure,) = quotes.reread(wanted).declared_figures.all()
    return confirm_figure(request_id=wanted.pk, figure_id=figure.pk, actor=TESTER, at=AT)


def test_three_agents_are_no_figure_of_the_agglomeration() -> None:
    wanted = quotes.reread(asked())

    assert staff() == []
    assert facts_of(body(), on=DAY).staff is None
    said = estimate_request(wanted, on=DAY).estimate.beneficiary
    assert (said["staff"], said["staff_kind"], said["staff_source"]) == (3, "agents", SAID)


def test_what_an_agent_types_is_confirmed_by_typing_it() -> None:
    wanted = quotes.reread(asked(origin="agent"))

    assert staff() == [(3, VISITOR)]
    assert list(wanted.declared_figures.all()) == []


def test_the_quote_says_who_declared_the_figure() -> None:
    wanted = asked()
    for quote in issue_quotes(request_id=wanted.pk, actor=TESTER, at=AT):
        figures = json.loads(quote.document.payload)["recipient"]["figures"]
        assert [(one["value"], one["source"]) for one in figures if one["value"] == 3] == [(3, SAID)]


def test_an_agent_confirms_it_and_it_is_the_body_s() -> None:
    wanted = asked()
    made = confirm(wanted)

    assert staff() == [(3, VISITOR)]
    assert (made.confirmed_by, made.confirmed_at) == (TESTER.label, AT)
    assert entries_about("request", wanted.pk).last().text == (
        f"Chiffre confirmé : agents : 3, déclaré par {VISITOR}. Il est maintenant celui de la structure."
    )
    said = estimate_request(quotes.reread(wanted), on=DAY).estimate.beneficiary
    assert said["staff_source"] == f"demande {wanted.reference}, déclaré par {VISITOR} le {DAY:%d/%m/%Y}"
    with pytest.raises(QuoteError, match="déjà confirmé"):
        confirm(wanted)


def test_a_figure_that_the_directory_has_meanwhile_counts_instead() -> None:
    wanted = asked()
    declare_figure(
        body_id=body().pk,
        measure="staff",
        counted="agents",
        value=450,
        declared_by="DRH",
        actor=TESTER,
        at=AT,
    )

    fresh = quotes.reread(wanted)
    assert estimate_request(fresh, on=DAY).estimate.beneficiary["staff"] == 450
    (shown,) = shown_figures(fresh, facts_for(fresh, on=DAY))
    assert (shown.words, shown.known, shown.confirmable) == ("agents : 3", 450, False)
    with pytest.raises(QuoteError, match="450"):
        confirm(wanted)
    assert staff() == [(450, "DRH")]


def test_a_figure_of_another_request_is_refused() -> None:
    first, second = asked(), asked(value=5)
    (figure,) = quotes.reread(first).declared_figures.all()
    with pytest.raises(QuoteError, match="pas de cette demande"):
        confirm_figure(request_id=second.pk, figure_id=figure.pk, actor=TESTER, at=AT)
    assert staff() == []


def test_a_figure_that_cannot_be_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(FieldErrors, match="nombre entier"):
        asked(value="trois")
    assert facts_of(body(), on=DAY).staff is None


def test_a_copy_carries_the_figure_and_its_author() -> None:
    copy = duplicate_request(request_id=asked().pk, actor=TESTER, at=AT)
    assert [(one.value, one.declared_by) for one in copy.declared_figures.all()] == [(3, VISITOR)]
    assert staff() == []


def test_who_declared_is_forgotten_with_the_contact() -> None:
    wanted = asked()
    assert forget_contact(request_id=wanted.pk, actor=TESTER, at=AT)
    assert [one.declared_by for one in quotes.reread(wanted).declared_figures.all()] == ["(effacé)"]


def test_a_body_that_the_directory_has_a_figure_for_keeps_it() -> None:
    wanted = ask_quotes(
        beneficiary=parties.body(quotes.RUITZ).pk,
        order=quotes.order(),
        contact=Contact(),
        origin="public",
        figures=[Declared("population", "municipale", 3)],
        declared_by=VISITOR,
        actor=TESTER,
        at=AT,
    ).request
    assert estimate_request(quotes.reread(wanted), on=DAY).estimate.beneficiary["population"] == 1478
