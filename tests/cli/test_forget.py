"""`tripartite forget`: what led to no quote is forgotten in time, and nothing else."""

from datetime import UTC, datetime

import pytest

from tests.factories import parties
from tests.factories.accounts import TESTER
from tripartite.cli.main import main
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, create_request

LONG_AGO = datetime(2024, 11, 20, 9, 0, tzinfo=UTC)
ORDER = {"lines": [{"service": "messagerie-5go", "quantity": 4}]}


def ask(at: datetime) -> str:
    contact = Contact("Prénom NOM", "Maire", "maire@exemple.fr", "03 21 00 00 00")
    made = create_request(
        beneficiary_id=parties.body().pk, order=ORDER, contact=contact, origin="public", actor=TESTER, at=at
    )
    return made.reference


def contact_of(reference: str) -> tuple[str, str, str, str]:
    found = request_by_reference(reference)
    assert found
    return found.contact_name, found.contact_function, found.contact_email, found.contact_phone


@pytest.mark.usefixtures("adopted_grid", "directory")
def test_only_old_requests_without_a_quote_are_forgotten_and_only_when_asked(capsys) -> None:
    old, quoted, recent = ask(LONG_AGO), ask(LONG_AGO), ask(datetime(2024, 11, 24, 9, 0, tzinfo=UTC))
    found = request_by_reference(quoted)
    assert found
    issue_quotes(request_id=found.pk, actor=TESTER, at=LONG_AGO)

    assert main(["forget", "--on", "2026-11-21"]) == 0
    assert contact_of(old)[0] == "Prénom NOM"
    assert main(["forget", "--on", "2026-11-21", "--apply"]) == 0
    assert contact_of(old) == ("", "", "", "")
    assert contact_of(quoted)[0] == contact_of(recent)[0] == "Prénom NOM"
    assert "1 contact effacé." in capsys.readouterr().out
    assert main(["forget", "--on", "2026-11-21", "--apply"]) == 0
    assert "0 contact effacé." in capsys.readouterr().out
