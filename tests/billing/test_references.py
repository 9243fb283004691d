"""What a body wants on its invoices: said in its space, by an agent, by command; kept dated, borne by invoices."""

from typing import Any

import pytest
import time_machine

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.billing.models import BuyerRequirement
from tripartite.billing.queries.settings import requirement_history, requirements_of
from tripartite.billing.services.buyers import record_references, record_requirement
from tripartite.billing.services.errors import BillingError
from tripartite.cli.main import main

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": TESTER, "at": AT}


def _noted(body_id: int, issuer: str = "lfn") -> tuple[str, str, bool]:
    one = requirements_of([body_id], issuer)[body_id]
    return one.service_code, one.engagement_number, one.service_required


def test_what_is_left_blank_changes_nothing_and_what_is_required_stays_so() -> None:
    billing.ready()
    body = billing.body()
    record_requirement(body_id=body.pk, issuer="lfn", service_required=True, service_code="FACT", **BY)
    assert record_references(body_id=body.pk, references={"lfn": ("", " "), "cdg62": ("", "")}, **BY) == []
    record_references(body_id=body.pk, references={"lfn": ("", "E-2026-1"), "cdg62": ("RH", "")}, **BY)
    assert record_references(body_id=body.pk, references={"lfn": ("FACT", "E-2026-1")}, **BY) == []
    assert (_noted(body.pk), _noted(body.pk, "cdg62")) == (("FACT", "E-2026-1", True), ("RH", "", False))
    assert [one.engagement_number for one in requirement_history(body.pk, "lfn")] == ["E-2026-1", ""]
    with pytest.raises(BillingError, match="100 caractères au plus"):
        record_references(body_id=body.pk, references={"lfn": ("x" * 101, "")}, **BY)


def test_an_invoice_bears_them_and_keeps_them() -> None:
    billing.ready()
    body = billing.body()
    record_references(body_id=body.pk, references={"lfn": ("FACT", "E-2026-1")}, **BY)
    subscriptions.running({"messagerie-5go": 4})
    (invoice,) = billing.billed()
    record_references(body_id=body.pk, references={"lfn": ("AUTRE", "")}, **BY)
    invoice.refresh_from_db()
    assert (invoice.service_code, invoice.engagement_number) == ("FACT", "E-2026-1")


def test_the_command_line_notes_them_and_tells_what_was_noted(capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel(AT, tick=False):
        billing.ready()
        siren = billing.body(quotes.RUITZ).siren
        asked = ["billing", "buyer", "lfn", siren]
        assert main(asked) == 0
        assert main([*asked, "--service-code", "FACT", "--service-required"]) == 0
        assert main([*asked, "--engagement", "E-1", "--no-service-required"]) == 0
        told = [line.rpartition("\t")[0] for line in capsys.readouterr().out.splitlines()]
        assert told == [
            "23/11/2026\tlfn\tcode service FACT, exigé\tengagement non dit",
            "23/11/2026\tlfn\tcode service FACT\tengagement E-1",
            "23/11/2026\tlfn\tcode service FACT, exigé\tengagement non dit",
        ]
        assert main([*asked, "--engagement", "x" * 51]) == main(["billing", "buyer", "lfn", "123456789"]) == 1
        assert main(["billing", "buyer", "personne", siren, "--engagement", "x"]) == 1
    assert BuyerRequirement.objects.count() == 2
