"""« Retours du comptable »: a file shown before it is noted, and what of it matches nothing."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.billing.pes.returns import collected, piece, returned
from tests.factories import billing, quotes, subscriptions
from tests.factories.revenue import SET
from tests.web.conftest import errors, log_in, words
from tripartite.accounts.rights import Role
from tripartite.billing.models import Payment
from tripartite.billing.services.ordering import order_revenue
from tripartite.parties.services.issuers import update_issuer

pytestmark = pytest.mark.django_db
__all__ = ["log_in"]


def test_a_file_is_shown_then_noted_once(log_in: Any) -> None:
    billing.ready(**SET)
    update_issuer(code="lfn", changes={"siret": billing.number_of("200039386")}, **billing.BY)
    subscriptions.running({"messagerie-5go": 4}, body=quotes.RUITZ)
    (invoice,) = billing.billed()
    order_revenue(issuer="lfn", invoice_ids=[invoice.pk], on=billing.DAY, **billing.BY)
    content = returned(piece(1, collected(invoice.gross_cents)), piece(9, collected(5000)))
    with time_machine.travel(billing.AT, tick=False):
        accountant = log_in(Role.ACCOUNTANT, "lfn")

        def send(client: Any = accountant, content: bytes = content, **more: str) -> Any:
            return client.post(reverse("return-read"), {"file": SimpleUploadedFile("r.xml", content), **more})

        tried = send(dry="1")
        assert "Essai : rien n'a été écrit 80,00 € pour des factures d'ici, 50,00 € à part." in words(tried)
        told = "pas en entier Titre 9/2026 : 50,00 € du 20/11/2026, titre inconnu ici, 50,00 € à part"
        assert told in words(tried)
        assert [line.split(" : ")[0] for line in tried.context["matched"]] == ["Titre 1/2026"]
        assert Payment.objects.count() == 0
        assert "Fichier lu" in words(send())
        invoice.refresh_from_db()
        assert (Payment.objects.count(), invoice.owed_cents) == (2, 0)
        assert "Ce fichier est déjà lu" in words(send())
        assert Payment.objects.count() == 2
        assert "XML lisible" in errors(send(content=b"%PDF-1.7"))
        assert send(log_in(Role.AGENT, "lfn")).status_code == 403
        assert accountant.post(reverse("return-read"), {}).status_code == 422
        assert reverse("return-list") in accountant.get(reverse("slip-list")).content.decode()
