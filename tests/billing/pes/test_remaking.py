"""A flow refused is written again, under another name, by the settings of the day; the former one is kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from stdnum.fr import siret

from tests.billing.pes.returns import acknowledgement
from tests.billing.pes.schemas import schema_errors, with_schemas
from tests.billing.pes.test_making import BY, said, slip
from tests.factories import billing, quotes
from tests.factories.accounts import AT, TESTER
from tripartite.billing.models import RevenueSlip
from tripartite.billing.queries.slips import FlowTold, flow_state, flows_told, waiting_flows
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.flows import KeptFlow, answer_flow, make_flow
from tripartite.billing.services.ordering import order_reductions
from tripartite.billing.services.returning import read_return_file
from tripartite.billing.states import FlowState
from tripartite.cli.main import main
from tripartite.documents.queries import pdf_of
from tripartite.parties.services.bodies import complete_body

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=7)


def _read(content: bytes, *, at: datetime = LATER, dry: bool = False) -> tuple[str, ...]:
    return read_return_file(issuer="lfn", name="acquit.xml", content=content, actor=TESTER, at=at, dry=dry).lines


def _told(one: RevenueSlip) -> list[FlowTold]:
    return flows_told([one.pk])[one.pk]


def _state(one: RevenueSlip) -> FlowState:
    return flow_state(one, _told(one))


def _refused() -> tuple[RevenueSlip, KeptFlow]:
    made_of = slip(quotes.RUITZ)
    first = make_flow(slip_id=made_of.pk, **BY)
    _read(acknowledgement("0"))
    return made_of, first


def test_an_acknowledgement_says_where_the_flow_of_its_slip_is() -> None:
    made_of = slip()
    assert _state(made_of) is FlowState.NONE
    _read(acknowledgement("1"), at=LATER)
    assert _state(made_of) is FlowState.NONE
    make_flow(slip_id=made_of.pk, **BY)
    assert _state(made_of) is FlowState.MADE
    _read(acknowledgement("1", "0"), dry=True)
    assert _state(made_of) is FlowState.MADE
    _read(acknowledgement("1", "0"))
    assert _state(made_of) is FlowState.ACCEPTED
    assert make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER).file_name == "PES-lfn-2026-00-01-1.xml"


def test_what_is_said_of_a_whole_flow_is_of_the_only_one_that_waits() -> None:
    made_of = slip()
    make_flow(slip_id=made_of.pk, **BY)
    piece = acknowledgement("0").replace(b'<NumBord V="1"/><ExerciceBord V="2026"/>', b"")
    _read(piece.replace(b'DomaineAck V="6"', b'DomaineAck V="4"'))
    assert _state(made_of) is FlowState.MADE
    _read(piece.replace(b'DomaineAck V="6"', b'DomaineAck V="0"'))
    assert _state(made_of) is FlowState.REFUSED
    assert waiting_flows("lfn", budget="00", fiscal_year=None, number=None) == []


def _two_kinds() -> tuple[RevenueSlip, RevenueSlip]:
    """A slip of titles and one of reductions, both of number 1, their flows written: title 1, and title 2."""
    made_of = slip(quotes.RUITZ)
    invoice = made_of.orders.get().invoice
    assert invoice is not None
    note = cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=billing.DAY, **BY)
    back = order_reductions(issuer="lfn", credit_note_ids=[note.pk], on=billing.DAY, **BY)
    for one in (made_of, back):
        make_flow(slip_id=one.pk, **BY)
    return made_of, back


def test_two_slips_of_one_number_are_told_apart_by_the_name_of_the_flow_or_its_titles() -> None:
    made_of, back = _two_kinds()
    _read(acknowledgement("1"))
    assert (_state(made_of), _state(back)) == (FlowState.MADE, FlowState.MADE)
    _read(acknowledgement("0"))  # it names title 2
    assert (_state(made_of), _state(back)) == (FlowState.MADE, FlowState.REFUSED)
    make_flow(slip_id=back.pk, actor=TESTER, at=LATER)
    _read(acknowledgement("1").replace(b"retour.xml", b"ACQ-PES-LFN-2026-00-01-1.xml"))
    assert (_state(made_of), _state(back)) == (FlowState.ACCEPTED, FlowState.MADE)


def test_an_answer_is_noted_by_hand_where_no_file_says_it() -> None:
    made_of, back = _two_kinds()
    by: dict[str, Any] = {"slip_id": back.pk, "actor": TESTER, "at": LATER}
    with pytest.raises(BillingError, match="Dire pourquoi"):
        answer_flow(accepted=False, reason="\u200b ", **by)
    answer_flow(accepted=False, reason="Tiers inconnu", **by)
    assert (_state(made_of), _state(back), _told(back)[0].errors) == (
        FlowState.MADE,
        FlowState.REFUSED,
        ("Tiers inconnu",),
    )
    with pytest.raises(BillingError, match="n'attend de réponse"):
        answer_flow(accepted=True, reason="", **by)
    assert make_flow(slip_id=back.pk, actor=TESTER, at=LATER).file_name == "PES-lfn-2026-00-02-1-2.xml"
    with time_machine.travel(LATER, tick=False):
        asked = ["billing", "pes", "lfn", "1", "--year", "2026", "--answer"]
        assert main([*asked, "refused"]) == 1
        assert main([*asked, "accepted"]) == 0
    assert (_state(made_of), _state(back)) == (FlowState.ACCEPTED, FlowState.MADE)


def test_a_flow_refused_is_written_again_and_the_former_is_kept() -> None:
    made_of, first = _refused()
    assert _told(made_of)[0].errors == ("titre 2 : ERREUR_DOUBLON_PIECE déjà reçu",)
    billing.bills("lfn", product_code="AUTR", revenue_account="7068", on=date(2026, 11, 30))
    again = make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER)
    assert (again.file_name, again.document_id == first.document_id) == ("PES-lfn-2026-00-01-1-2.xml", False)
    assert make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER + timedelta(days=1)) == again
    one, two = said(first.content), said(again.content)
    for kept in ("IdBord", "IdPce", "DteBordEm", "MtHT", "NumeroFacture"):
        assert two[kept] == one[kept]
    assert (two["CodProdLoc"], two["Nature"], two["DteStr"]) == (["AUTR"], ["7068"], ["2026-11-30"])
    assert not set(one["IdUnique"]) & set(two["IdUnique"])
    assert pdf_of(first.document_id) == first.content
    assert [told.state for told in _told(made_of)] == [FlowState.REFUSED, FlowState.MADE]
    _read(acknowledgement("0").replace(b"acquit", b"acquit2").replace(b"retour.xml", b"autre.xml"))
    third = make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER)
    assert third.file_name == "PES-lfn-2026-00-01-1-3.xml"


def test_a_flow_refused_for_its_debtor_is_written_again_as_the_directory_now_says() -> None:
    made_of, first = _refused()
    right = next(text for number in range(500, 900) if siret.is_valid(text := f"{billing.body().siren}{number:05d}"))
    changes = {"siret": right, "address": "Mairie, 2 rue de l'Exemple\n62620 Ruitz"}
    complete_body(body_id=billing.body().pk, changes=changes, actor=TESTER, at=LATER)
    again = make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER)
    one, two = said(first.content), said(again.content)
    assert (right in two["IdTiers"], right in one["IdTiers"]) == (True, False)
    assert [two[kept] == one[kept] for kept in ("IdBord", "IdPce", "MtHT", "NumeroFacture")] == [True] * 4
    assert b"2 rue de l'Exemple" in again.content


@with_schemas
def test_what_is_written_again_is_valid() -> None:
    made_of, _ = _refused()
    assert schema_errors(make_flow(slip_id=made_of.pk, actor=TESTER, at=LATER).content) == []
