"""An installation where every act is about to be done: each on a commune of its own, through the services."""

import os
from pathlib import Path
from typing import Any

import time_machine
from django.utils import timezone

from tests.documents.authorities import make, sign
from tests.factories import billing, conventions, quotes, subscriptions
from tests.factories.accounts import AT, TESTER, account
from tripartite.conventions.queries.conventions import current_document_id, signatory_by_id
from tripartite.conventions.services.codes import tell_code
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.documents.queries import pdf_of

MAIL = {"messagerie-5go": 4}
FIRST_TWO = ("beneficiary", "lfn")
LATER = AT.replace(hour=15)
"""When the acts are done: the same day as what they rest on."""


def build() -> dict[str, Any]:
    """Make it; answers what each act is about."""
    billing.ready()
    return {
        "agent": account(issuer_code="cdg62").pk,
        **_billed("62001", "62014"),
        "owing": [_running(code).body_id for code in ("62041", "62119", "62160")],
        "issue": quotes.request(MAIL, body="62193").pk,
        "accept": _issued("62447").pk,
        "draft": conventions.accepted(MAIL, body="62498").pk,
        "send": conventions.drafted(quantities=MAIL, body="62727").pk,
        **_to_sign(),
        **_to_go_live("62786"),
    }


def _issued(body: str) -> Any:
    asked = quotes.request(MAIL, body=body, at=AT + conventions.ASKED)
    quotes.issued(asked, at=AT + conventions.ISSUED)
    return asked


def _running(body: str, **more: int) -> Any:
    return subscriptions.running(MAIL | more, body=body)["messagerie-5go"]


def _billed(*bodies: str) -> dict[str, Any]:
    running = [_running(body, antivirus=4) for body in bodies]
    invoices = billing.billed()
    return {
        "invoices": [[one.pk, one.gross_cents, one.body_id] for one in invoices],
        "ending": running[0].convention_id,
        "party": running[0].body.name,
        "visited": running[1].body_id,
    }


def _to_sign() -> dict[str, Any]:
    """Two conventions of which one signature is awaited, one for each way of signing, and an amendment alike."""
    amended = subscriptions.in_force(quantities=MAIL, body="62753")
    asked = conventions.accepted({"messagerie-5go": 2}, body="62753", in_service=MAIL)
    amendment = draft_convention(request_id=asked.pk, parent_id=amended.pk, actor=TESTER, at=AT)
    send_convention(convention_id=amendment.pk, actor=TESTER, at=AT)
    made: dict[str, Any] = {"amendment": _last(conventions.read(amendment))}
    for way in ("paper", "outside", "here"):
        made[way] = _last(conventions.sent(quantities=MAIL, body="62767"))
    made["signed"] = str(_signed_outside(made["outside"]))
    made["code"] = tell_code(signatory_id=made["here"], actor=TESTER, at=LATER)
    return made


def _signed_outside(signatory_id: int) -> Path:
    """The text signed with the certificate of an authority that the installation trusts: a file beside the base."""
    var = Path(os.environ["TRIPARTITE_VAR"])
    (var / "trust").mkdir()
    authority = make("Autorité d'essai", authority=True)
    (var / "trust" / "essai.pem").write_bytes(authority.pem)
    signatory = signatory_by_id(signatory_id)
    assert signatory
    latest = pdf_of(current_document_id(signatory.convention))
    with time_machine.travel(AT, tick=False):
        signed = sign(latest, authority.certify(conventions.PRESIDENTS["cdg62"]), name="Signature-cdg62")
    path = var / "signed-outside.pdf"
    path.write_bytes(signed)
    return path


def _to_go_live(body: str) -> dict[str, Any]:
    (activation,) = subscriptions.opened(MAIL, body=body).values()
    subscriptions.waive_all(activation)
    return {"live": activation.pk}


def _last(convention: Any) -> int:
    """The signatory whose signature alone is still awaited."""
    for role in FIRST_TWO:
        record_paper_signature(
            signatory_id=conventions.signatory(convention, role).pk,
            signed_on=timezone.localdate(AT),
            scan=conventions.SCAN,
            original_place="Secrétariat",
            actor=TESTER,
            at=AT,
        )
    return conventions.signatory(convention, "cdg62").pk
