"""A run on screen: what it would bill, part after part, what is ticked, what came of it."""

import html
import re
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from tests.billing.test_invoice_files import text_of
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.billing.queries.invoices import run_list
from tripartite.cli.main import main
from tripartite.parties.services.bodies import complete_body
from tripartite.pricing.money import euros
from tripartite.web.billing import runs

pytestmark = pytest.mark.django_db
PREVIEW = reverse("billing-preview")
ASKED = {"until": billing.DAY.isoformat()}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(billing.AT, tick=False):
        yield


@pytest.fixture
def accountant(log_in):
    billing.ready()
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    return log_in(Role.ACCOUNTANT, "lfn")


def ticked(answer):
    return [row.value for row in answer.context["rows"] if row.chosen]


def test_a_preview_says_what_would_be_billed_and_what_is_amiss(accountant) -> None:
    arras = billing.body(quotes.ARRAS)
    complete_body(body_id=arras.pk, changes={"siret": ""}, actor=TESTER, at=billing.AT)
    answer = accountant.get(PREVIEW, ASKED)
    rows = {row.one.body.name: row for row in answer.context["rows"]}
    assert {name: row.label for name, row in rows.items()} == {"Arras": "à corriger d'abord", "Ruitz": "à facturer"}
    assert answer.context["totals"] == {
        "units": 2,
        "issued": 1,
        "net": rows["Ruitz"].one.split.net,
        "vat": rows["Ruitz"].one.split.vat,
        "gross": rows["Ruitz"].one.gross_cents,
    }
    assert "Le SIRET d'Arras manque" in words(answer)
    assert "Messagerie" in words(answer)
    only = accountant.get(PREVIEW, ASKED | {"anomaly": "no-siret"})
    assert [row.one.body.name for row in only.context["rows"]] == ["Arras"]
    assert [row.one.body.name for row in accountant.get(PREVIEW, ASKED | {"q": "ruitz"}).context["rows"]] == ["Ruitz"]
    text = accountant.get(PREVIEW, ASKED | {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in text] == ["structure", "Arras", "Ruitz"]


def test_what_the_settings_lack_is_said_before_anything_is_issued(accountant, capsys) -> None:
    assert "à régler" not in words(accountant.get(PREVIEW, ASKED))
    billing.bills("lfn", iban="")
    assert "à régler : IBAN" in words(accountant.get(PREVIEW, ASKED))
    assert main(["billing", "preview", "lfn"]) == 0
    assert "! Réglages : à régler : IBAN." in capsys.readouterr().out


def test_the_invoice_to_come_is_read_before_it_is_issued(accountant) -> None:
    answer = accountant.get(PREVIEW, ASKED)
    (row,) = [row for row in answer.context["rows"] if row.one.body.name == "Ruitz"]
    links = re.findall(r'href="([^"]*projet[.]pdf[^"]*)"', answer.content.decode())
    (address,) = [link for link in map(html.unescape, links) if link.endswith(quote(row.one.unit, safe=""))]
    draft = accountant.get(address)
    shown = text_of(draft.content)
    assert "Projet de facture, sans valeur" in shown
    assert euros(row.gross).replace("\u00a0", " ") in shown
    assert run_list("lfn").count() == 0
    early = {"unit": row.one.unit, "until": "2020-01-01"}
    for wrong in ({}, early, *(ASKED | {"unit": unit} for unit in ("", "body:0", "x", "body:" + "9" * 30))):
        assert accountant.get(reverse("billing-draft"), wrong).status_code == 404


def test_a_long_preview_comes_part_after_part(accountant, monkeypatch) -> None:
    monkeypatch.setattr(runs, "PART", 1)
    first = accountant.get(PREVIEW, ASKED)
    assert [row.one.body.name for row in first.context["rows"]] == ["Arras"]
    second = accountant.get(PREVIEW + first.context["next"], headers={"HX-Request": "true"})
    assert [row.one.body.name for row in second.context["rows"]] == ["Ruitz"]
    assert second.context["next"] == ""
    assert (second.context["totals"]["units"], second.context["totals"]["issued"]) == (2, 2)
    assert b"<html" not in second.content


def test_what_is_ticked_is_issued_once_confirmed(accountant) -> None:
    arras, ruitz = ticked(accountant.get(PREVIEW, ASKED))
    asked = ASKED | {"unit": [ruitz]}
    told = accountant.post(reverse("billing-start"), asked)
    assert "Émettre 1 facture" in words(told)
    assert run_list("lfn").count() == 0
    answer = accountant.post(reverse("billing-start"), asked | {"confirmed": "1"})
    (run,) = run_list("lfn")
    assert answer["Location"] == reverse("billing-run", args=[run.pk])
    assert "0 sur 1" in words(accountant.get(answer["Location"]))
    billing.work(run.job_id)
    page = accountant.get(answer["Location"])
    (invoice,) = billing.invoices()
    assert (invoice.buyer_name, invoice.number in words(page)) == ("Ruitz", True)
    assert {code: count for code, _, count in page.context["tabs"]} == {
        "emises": 1,
        "sans-facture": 0,
        "refusees": 0,
        "reste": 0,
    }
    assert ticked(accountant.get(PREVIEW, ASKED)) == [arras]


def test_what_is_refused_is_told_and_tried_again(accountant) -> None:
    made = billing.run(chosen={one.unit: 1 for one in billing.previewed()})
    page = accountant.get(reverse("billing-run", args=[made.pk]))
    assert "Le montant a changé depuis l'affichage" in words(page)
    assert page.context["can_retry"]
    assert accountant.post(reverse("billing-retry", args=[made.pk])).status_code == 302
    assert {code: count for code, _, count in accountant.get(page.request["PATH_INFO"]).context["tabs"]}["reste"] == 2


def test_nothing_ticked_or_nothing_set_issues_nothing(accountant, log_in) -> None:
    for asked in (ASKED, ASKED | {"unit": [""]}, {"unit": ["body:1=5"], "until": "hier"}):
        accountant.post(reverse("billing-start"), asked | {"confirmed": "1"})
    assert run_list("lfn").count() == 0
    assert accountant.get(PREVIEW, {"until": "hier"}).context["asked"] is False
    assert accountant.get(PREVIEW, ASKED | {"part": "99"}).context["rows"] == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_who_only_reads_ticks_nothing(accountant, log_in, role) -> None:
    page = log_in(role, "lfn").get(PREVIEW, ASKED)
    assert b'name="unit"' not in page.content
    assert log_in(role, "lfn").post(reverse("billing-start"), ASKED).status_code == 403


def test_a_run_is_of_its_own_issuer(accountant, log_in) -> None:
    made = billing.run()
    other = log_in(Role.ACCOUNTANT, "cdg62")
    assert other.get(reverse("billing-run", args=[made.pk])).status_code == 403
    assert other.post(reverse("billing-retry", args=[made.pk])).status_code == 403
    assert [row.one.asked.issuer for row in other.get(PREVIEW, ASKED).context["rows"]] == ["cdg62"] * 2


def test_the_first_screen_leads_to_each_figure(accountant, django_assert_num_queries) -> None:
    assert "Aucune campagne encore" in words(accountant.get(reverse("billing-home")))
    billing.run()
    page = words(accountant.get(reverse("billing-home")))
    assert "2 factures attendent leur titre" in page
    assert "terminé" in page
