"""What Chorus Pro says of invoices: read in its words, once, as dated facts; it records no money."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.billing.statements import table
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tests.web.conftest import errors, log_in, words
from tripartite.accounts.rights import Role
from tripartite.billing.models import Invoice, Payment, PortalFact
from tripartite.billing.queries.invoices import Standing, invoice_list
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.portal import PortalReport, read_portal_list
from tripartite.billing.statements.portal import SAID, folded, portal_lines
from tripartite.billing.states import PORTAL_LABELS, PortalStatus
from tripartite.cli.main import main
from tripartite.journal.models import Entry

pytestmark = pytest.mark.django_db
__all__ = ["log_in"]
BY: dict[str, Any] = {"actor": TESTER, "at": AT}
ON = AT.date()
TITLES = ("Numéro facture", "Destinataire", "Statut", "Date du statut", "Motif de rejet")


@laid
def _billed() -> None:
    billing.ready()
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    billing.billed()


@pytest.fixture
def invoices(db: None) -> list[Invoice]:
    _billed()
    return billing.invoices()


def said(invoice: Any, status: str, *, day: str = "15/11/2026", reason: str = "") -> tuple[str, ...]:
    """A line of the list."""
    return getattr(invoice, "number", invoice), "x", status, day, reason


def read(content: bytes, **more: Any) -> PortalReport:
    return read_portal_list(issuer="lfn", name="export.csv", content=content, **({"on": ON} | BY | more))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("A recycler", PortalStatus.TO_RECYCLE),
        ("Déposée", PortalStatus.DEPOSITED),
        ("MISE_A_DISPOSITION", PortalStatus.AVAILABLE),
        ("MISE_A_DISPOSITION_COMPTABLE", PortalStatus.WITH_ACCOUNTANT),
        ("Mise à disposition du destinataire", PortalStatus.AVAILABLE),
        ("Mise en paiement", PortalStatus.PAID),
        ("En attente d'un mot nouveau", PortalStatus.OTHER),
    ],
)
def test_a_status_is_read_in_the_portals_words(text: str, status: PortalStatus) -> None:
    rows = [(1, TITLES), (2, said("F1", text))]
    ((line,), faults) = portal_lines(rows, on=ON)
    assert (line.status, line.words, line.on, faults) == (status, text, date(2026, 11, 15), [])


def test_every_word_and_label_is_known() -> None:
    assert all(folded(word) == word for word in SAID)
    known = set(SAID.values()) | {PortalStatus.OTHER}
    assert known == set(PortalStatus)
    labels = {one: label for one, label in PORTAL_LABELS.items() if one is not PortalStatus.OTHER}
    assert {one: SAID[folded(label)] for one, label in labels.items()} == {one: one for one in labels}


def test_absurd_lines_are_named_and_a_table_of_something_else_is_refused() -> None:
    rows = [
        (1, ("Export",)),
        (2, ("Statut courant", "N° de facture", "Commentaire")),
        (3, ("Rejetée", "", "")),
        (4, ("", "F1", "")),
        (5, ("Rejetée",)),
        (6, ("Rejetée", "F2", "Mauvais code")),
    ]
    found, faults = portal_lines(rows, on=ON)
    assert [(one.number, one.on, one.reason) for one in found] == [("F2", None, "Mauvais code")]
    assert [str(one) for one in faults] == [
        "ligne 3 : pas de numéro de facture.",
        "ligne 4 : facture F1 : pas de statut.",
        "ligne 5 : pas de numéro de facture.",
    ]
    dated = [
        (1, TITLES),
        *((2 + place, said("F1", "Rejetée", day=day)) for place, day in enumerate(("", "x", "1/1/2030"))),
    ]
    assert [one.words for one in portal_lines(dated, on=ON)[1]] == [
        "pas de jour.",
        "« x » n'est pas un jour.",
        "facture F1 : le 01/01/2030 n'est pas le jour d'un statut.",
    ]
    for other in ([], [(1, ("Date", "Montant"))]):
        with pytest.raises(ValueError, match="liste de factures de Chorus Pro"):
            portal_lines(other, on=ON)


def test_facts_are_kept_once_and_pay_nothing(invoices: list[Invoice]) -> None:
    first, second = invoices
    content = table(
        said(first, "Rejetée", day="20/11/2026", reason="Code service absent"),
        said(first, "Déposée", day="10/11/2026"),
        said(second, "Mise en paiement"),
        said("AUTRE-F-2026-00001", "Déposée"),
        titles=TITLES,
    )
    assert (read(content, dry=True).added, PortalFact.objects.count()) == (3, 0)
    report = read(content)
    assert (report.added, report.unknown, report.faults) == (3, 1, ())
    assert read(content).added == 0
    assert [one.label for one in first.portal_facts.all()] == ["déposée", "rejetée"]
    assert (Payment.objects.count(), Invoice.objects.get(pk=second.pk).paid_cents) == (0, 0)
    assert list(Entry.objects.filter(action="billing.portal", subject_id=first.pk).values_list("text", flat=True)) == [
        "Chorus Pro, le 10/11/2026 : déposée",
        "Chorus Pro, le 20/11/2026 : rejetée — Code service absent",
    ]
    with pytest.raises(Exception, match="never changed"):
        PortalFact.objects.update(words="x")


def test_an_undated_list_adds_what_is_not_the_last_word(invoices: list[Invoice]) -> None:
    first, _ = invoices
    for status, day, added in (("Déposée", 1, 1), ("Déposée", 2, 0), ("Suspendue", 3, 1), ("Déposée", 4, 1)):
        content = table((first.number, status), titles=("Numéro de facture", "Statut"))
        assert read(content, on=date(2026, 11, day)).added == added
    assert [(one.said_on.day, one.words) for one in first.portal_facts.all()] == [
        (1, "Déposée"),
        (3, "Suspendue"),
        (4, "Déposée"),
    ]


def test_a_list_is_of_its_issuer(invoices: list[Invoice]) -> None:
    content = table(said(invoices[0], "Rejetée"), titles=TITLES)
    made = read_portal_list(issuer="cdg62", name="x", content=content, on=ON, **BY)
    assert (made.added, made.unknown) == (0, 1)
    with pytest.raises(BillingError, match="liste de factures"):
        read(table(("1", "2"), titles=("a", "b")))


def test_a_list_asks_as_much_for_three_lines_as_for_one(invoices: list[Invoice]) -> None:
    counts = []
    for lines in ([said(invoices[0], "Déposée")], [said(one, "Déposée") for one in (*invoices, "X")]):
        with CaptureQueriesContext(connection) as asked:
            read(table(*lines, titles=TITLES), dry=True)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_sent_back_shows_and_says_what_to_do(invoices: list[Invoice], log_in: Any) -> None:
    first, second = invoices
    with time_machine.travel(AT, tick=False):
        accountant = log_in(Role.ACCOUNTANT, "lfn")
        content = table(said(first, "Rejetée", reason="Code service absent"), titles=TITLES)

        def send(client: Any, **more: str) -> Any:
            return client.post(reverse("portal-read"), {"file": SimpleUploadedFile("e.csv", content), **more})

        assert "Essai : rien n'a été écrit 1 nouveauté à noter" in words(send(accountant, dry="1"))
        assert PortalFact.objects.count() == 0
        assert "Chorus Pro, le 15/11/2026 : rejetée — Code service absent" in words(send(accountant))
        assert send(log_in(Role.AGENT, "lfn")).status_code == 403
        assert accountant.post(reverse("portal-read"), {}).status_code == 422
        bad = accountant.post(reverse("portal-read"), {"file": SimpleUploadedFile("e.csv", b"a;b\n1;2")})
        assert "liste de factures de Chorus Pro" in errors(bad)
        page = words(accountant.get(reverse("invoice", args=[first.pk])))
        assert "Chorus Pro l'a renvoyée : rejetée, le 15/11/2026. Code service absent" in page
        assert "l'annuler ici par un avoir" in page
        shown = accountant.get(reverse("invoice-list"), {"etat": Standing.SENT_BACK.value})
        assert [one for one, _ in shown.context["rows"]] == [first]
        assert "Chorus Pro : rejetée" in words(shown)
        assert "rejetée" in accountant.get(reverse("invoice-list"), {"format": "csv"}).content.decode("utf-8-sig")
        counts = []
        for facts in (
            table(said(second, "Service fait"), titles=TITLES),
            table(said(second, "Autre chose"), titles=TITLES),
        ):
            read(facts)
            with CaptureQueriesContext(connection) as asked:
                accountant.get(reverse("invoice-list"))
            counts.append(len(asked))
        assert counts[0] == counts[1]
        assert "Autre chose" in words(accountant.get(reverse("invoice", args=[second.pk])))
        cancel_invoice(invoice_id=first.pk, reason="Rejetée", on=ON, **BY)
        assert list(invoice_list(issuer="lfn", standing=Standing.SENT_BACK, on=ON)) == []
        assert "l'annuler ici" not in words(accountant.get(reverse("invoice", args=[first.pk])))


def test_the_command_tells_then_keeps(invoices: list[Invoice], tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(table(said(invoices[0], "Suspendue", reason="RIB"), said("X", "Déposée"), titles=TITLES))
    command = ["billing", "chorus", "lfn", str(file)]
    with time_machine.travel(AT, tick=False):
        assert main(command) == 0
        assert "LFN-F-2026-00001\tChorus Pro, le 15/11/2026 : suspendue — RIB" in capsys.readouterr().out
        assert PortalFact.objects.count() == 0
        assert main([*command, "--apply"]) == 0
        assert "1 à noter, 1 ligne de factures inconnues ici." in capsys.readouterr().out
        assert main([*command, "--apply"]) == 0
        assert PortalFact.objects.count() == 1
        file.write_bytes(b"a;b\n")
        assert main(command) == 1
        assert main([*command[:3], str(tmp_path / "absent")]) == 1
