"""The flow of a slip, from the invoices issued to the file kept: by the settings, once, the same each time."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from tests.billing.pes.schemas import schema_errors, with_schemas
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.revenue import SET
from tripartite.billing.models import Invoice, RevenueSlip
from tripartite.billing.pes.asap_rules import LONGEST_APPEAL
from tripartite.billing.queries.invoices import to_order
from tripartite.billing.queries.titles import title_rows
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.errors import BillingError, SlipRejectedError
from tripartite.billing.services.flow_content import flow_content
from tripartite.billing.services.flows import FlowRejectedError, make_flow
from tripartite.billing.services.ordering import order_reductions, order_revenue
from tripartite.billing.services.pes_settings import USUAL, categories_of
from tripartite.billing.states import Signing, Unsendable, Way
from tripartite.cli.main import main
from tripartite.journal.models import Entry
from tripartite.parties.models import PublicBody
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.issuers import update_issuer

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": TESTER, "at": AT}


def slip(*codes: str, **changes: Any) -> RevenueSlip:
    """A slip of an invoice to each of these communes."""
    billing.ready(**(SET | changes))
    update_issuer(code="lfn", changes={"siret": billing.number_of("200039386")}, **BY)
    for code in codes or (quotes.RUITZ,):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    made = billing.billed()
    return order_revenue(issuer="lfn", invoice_ids=[one.pk for one in made], on=billing.DAY, **BY)


def said(xml: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in etree.fromstring(xml).iter():
        if (value := node.get("V")) is not None:
            found.setdefault(str(node.tag), []).append(value)
    return found


def test_a_slip_makes_a_flow_once_and_the_journal_tells_it() -> None:
    made_of = slip(quotes.RUITZ, quotes.ARRAS)
    made = make_flow(slip_id=made_of.pk, **BY)
    assert (made.file_name, made.titles, made.to_sign) == ("PES-lfn-2026-00-01-1.xml", 2, False)
    assert len(made.unchecked) == 5
    found = said(made.content)
    orders = list(made_of.orders.all())
    assert found["IdPce"] == ["1", "2"]
    assert found["NumeroFacture"] == [order.invoice.number for order in orders if order.invoice]
    assert found["Edition"] == ["02", "02"]
    nets, vats = ([round(float(one) * 100) for one in found[name]] for name in ("MtHT", "MtTVA"))
    assert [net + vat for net, vat in zip(nets, vats, strict=True)] == [order.amount_cents for order in orders]
    assert (found["IdPost"], found["CodProdLoc"]) == (["059012"], ["NUM1", "NUM1"])
    billing.bills("lfn", product_code="AUTR", on=date(2026, 12, 1))
    assert make_flow(slip_id=made_of.pk, **BY) == made
    entry = Entry.objects.get(action="billing.flow")
    assert entry.text == "Flux PES du bordereau 1/2026 : PES-lfn-2026-00-01-1.xml, 2 titres."


@with_schemas
def test_what_a_slip_makes_is_valid_with_its_notices_and_its_reductions() -> None:
    made_of = slip(pes_signing=Signing.OUTSIDE.value)
    content = flow_content(made_of)
    assert (content.findings, content.flow.year_cents) == ((), made_of.orders.get().amount_cents)
    assert schema_errors(make_flow(slip_id=made_of.pk, **BY).content) == []
    assert schema_errors(content.flow.attachments[0].content) == []
    invoice = made_of.orders.get().invoice
    assert invoice is not None
    (credit,) = [cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=billing.DAY, **BY)]
    back = order_reductions(issuer="lfn", credit_note_ids=[credit.pk], on=billing.DAY, **BY)
    made = make_flow(slip_id=back.pk, **BY)
    assert schema_errors(made.content) == []
    found = said(made.content)
    names = ("TypBord", "TypPce", "NatPce", "NatPceOrig", "ExerRat", "IdPceOrig", "IdLigneOrig")
    assert [found[name] for name in names] == [["02"], ["02"], ["06"], ["01"], ["2026"], ["1"], ["1"]]
    assert "Edition" not in found


def test_an_order_of_a_closed_year_is_not_reduced_by_an_order() -> None:
    made_of = slip()
    invoice = made_of.orders.get().invoice
    assert invoice is not None
    on = date(2027, 1, 4)
    credit = cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=on, **BY)
    with pytest.raises(SlipRejectedError) as refused:
        order_reductions(issuer="lfn", credit_note_ids=[credit.pk], on=on, **BY)
    (reason,) = refused.value.reasons
    assert reason.startswith(f"{credit.number} : le titre réduit est d'un autre exercice")
    assert refused.value.papers == {credit.number}


@pytest.mark.parametrize("way", [Way.PES, Way.CHORUS])
def test_an_issuer_that_sends_its_invoices_itself_has_a_flow_without_notice(way: Way) -> None:
    found = said(make_flow(slip_id=slip(way=way.value).pk, **BY).content)
    assert {"Edition", "NumeroFacture", "PJRef", "IdUnique"} & set(found) == set()


def test_what_is_not_set_is_told_and_nothing_is_kept() -> None:
    made_of = slip()
    billing.bills("lfn", product_code="", talon="", officer_name="NOM", appeal_text="mot " * LONGEST_APPEAL)
    with pytest.raises(FlowRejectedError) as refused:
        make_flow(slip_id=made_of.pk, **BY)
    named = [reason.rpartition("(")[2].partition(",")[0] for reason in refused.value.reasons]
    assert named == ["CodProdLoc", "Signataire", "TalonOptique2Lignes", "ModalitesContestation"]
    assert not Entry.objects.filter(action="billing.flow").exists()


def _faulty(*codes: str, **changes: Any) -> list[Invoice]:
    """Invoices to communes, the last of them of a body whose SIRET has a wrong key."""
    billing.ready(**(SET | changes))
    update_issuer(code="lfn", changes={"siret": billing.number_of("200039386")}, **BY)
    for code in codes:
        subscriptions.running({"messagerie-5go": 4}, body=code)
    body = billing.body(codes[-1])
    PublicBody.objects.filter(pk=body.pk).update(siret=f"{body.siren}00000")
    return sorted(billing.billed(), key=lambda one: one.body_id == body.pk)


def _order(made: list[Invoice], **more: Any) -> RevenueSlip:
    return order_revenue(issuer="lfn", invoice_ids=[one.pk for one in made], on=billing.DAY, **more, **BY)


def test_a_slip_whose_flow_would_be_rejected_is_not_made_and_takes_no_number() -> None:
    good, bad = _faulty(quotes.RUITZ, quotes.ARRAS)
    for unsendable in (Unsendable.REFUSE, Unsendable.LEAVE_OUT):
        with pytest.raises(SlipRejectedError) as refused:
            _order([bad], unsendable=unsendable)
        assert refused.value.papers == {bad.number}
        assert refused.value.reasons == tuple(
            f"{bad.number} : le SIRET du débiteur manque, ou n'est pas valable (IdTiers, {what})"
            for what in ("rejet du bordereau", "rejet de la pièce jointe")
        )
    with pytest.raises(SlipRejectedError):
        _order([good, bad])
    assert not RevenueSlip.objects.exists()
    made_of = _order([bad, good], unsendable=Unsendable.LEAVE_OUT)
    assert [(one.number, one.invoice) for one in made_of.orders.all()] == [(1, good)]
    assert made_of.number == 1
    assert to_order("lfn")[0] == [bad]
    assert Entry.objects.filter(action="billing.order").count() == 1
    assert make_flow(slip_id=made_of.pk, **BY).titles == 1


def test_titles_that_leave_in_a_table_are_in_no_flow() -> None:
    good, bad = _faulty(quotes.RUITZ, quotes.ARRAS, product_code="")
    with pytest.raises(SlipRejectedError) as refused:
        _order([good, bad], unsendable=Unsendable.LEAVE_OUT)
    both = ", ".join(sorted((good.number, bad.number)))
    assert (
        refused.value.reasons[0]
        == f"{both} : régler le code produit, un à quatre caractères (CodProdLoc, rejet du flux)"
    )
    made_of = _order([good, bad], unsendable=Unsendable.BY_TABLE)
    assert (made_of.by_table, made_of.orders.count()) == (True, 2)
    assert {row["depart"] for row in title_rows("lfn", fiscal_year=2026)} == {"titres en tableau, sans flux"}
    billing.bills("lfn", **SET)
    with pytest.raises(BillingError, match="partent en tableau"):
        make_flow(slip_id=made_of.pk, **BY)
    assert Entry.objects.get(action="billing.slip").text.endswith("Ils partent en tableau, sans flux.")


def test_a_flow_costs_as_many_queries_however_many_titles() -> None:
    def counted(made_of: RevenueSlip) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(flow_content(RevenueSlip.objects.get(pk=made_of.pk)).flow.titles) == made_of.orders.count()
        return len(asked) - 1

    first = slip(quotes.RUITZ)
    billing.with_siret("62119")
    for code in ("62119", quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    subscriptions.running({"antivirus": 4})
    made = billing.billed()
    three = order_revenue(issuer="lfn", invoice_ids=[one.pk for one in made], on=billing.DAY, **BY)
    assert (counted(first), three.orders.count(), counted(three)) == (5, 3, 5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("product_code", "TROPL"),
        ("product_code", "é1"),
        ("title_nature", "99"),
        ("issuer_category", "23"),
        ("issuer_category", "01/01"),
        ("debtor_categories", "village=23/09"),
        ("debtor_categories", "commune=23"),
        ("bank_reference", "12 34"),
        ("talon", "une seule ligne"),
        ("talon", "{nom}\n1"),
        ("settlement_text", ""),
        ("pes_file_type", ""),
        ("pes_signing", "peut-être"),
    ],
)
def test_a_setting_that_the_schema_refuses_is_refused(name: str, value: str) -> None:
    quotes.offer()
    with pytest.raises(FieldErrors) as refused:
        billing.bills("lfn", **{name: value})
    assert list(refused.value.fields) == [name]


def test_categories_are_the_usual_ones_but_those_set() -> None:
    found = categories_of("ccas=50/06")
    assert {kind: pair for kind, pair in found.items() if USUAL[kind] != pair} == {"ccas": ("50", "06")}


def test_the_command_line_makes_a_slip_checks_it_then_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    billing.ready(**SET)
    update_issuer(code="lfn", changes={"siret": billing.number_of("200039386")}, **BY)
    subscriptions.running({"messagerie-5go": 4}, body=quotes.RUITZ)
    billing.billed()
    with time_machine.travel(AT, tick=False):
        assert main(["billing", "slip", "lfn"]) == 0
        assert capsys.readouterr().out == "À titrer : 1 facture, 0 avoir. Essai : rien n'a été écrit (--apply).\n"
        assert main(["billing", "slip", "lfn", "--apply"]) == 0
        assert capsys.readouterr().out == "Bordereau 1/2026 : 1 titre.\n"
        asked = ["billing", "pes", "lfn", "1", "--year", "2026", "--out", str(tmp_path)]
        assert main(asked) == 0
        assert capsys.readouterr().out.startswith("PES-lfn-2026-00-01-1.xml : 1 titre. Essai")
        assert list(tmp_path.iterdir()) == []
        assert main([*asked, "--apply"]) == 0
        told = capsys.readouterr().out
        assert "Non vérifié :\n    La grille des triplets" in told
        assert [path.name for path in tmp_path.iterdir()] == ["PES-lfn-2026-00-01-1.xml"]
        assert main(["billing", "pes", "lfn", "9", "--year", "2026"]) == 1
        assert capsys.readouterr().err == "Aucun bordereau 9/2026 au budget 00.\n"
