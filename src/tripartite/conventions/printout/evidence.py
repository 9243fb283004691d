"""The paper of evidence of a signature given here, by a link and a code."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.states import WAY_WORTH, WORTH_BY_PHONE, Way
from tripartite.quotes.printout.evidence import CLOCK, FINGERPRINT, EvidencePaper, instant_text

BY_TELEPHONE = "son téléphone, par un agent"


def signature_evidence(
    convention: Convention,
    signatory: Signatory,
    evidence: Mapping[str, Any],
    files: tuple[bytes, bytes],
    *,
    at: datetime,
) -> EvidencePaper:
    """What the paper says of a signature; `files` are the revision that was read and the one that the seal made."""
    read, sealed = (sha256(content).hexdigest() for content in files)
    act = signatory.mandate
    what = "L'avenant" if convention.parent_id else "La convention"
    return EvidencePaper(
        heading="Preuve d'une signature par lien et code",
        about=f"{convention.number}, {signatory.name}",
        author=convention.beneficiary.name,
        reference=convention.request.reference,
        at=at,
        facts=(
            ("Signataire", f"{signatory.name}, {signatory.function}"),
            ("En vertu de", f"{act.get_act_display()} du {act.adopted_on:%d/%m/%Y}, {act.organ}" if act else ""),
            ("Signature donnée le", instant_text(at)),
            ("Code envoyé à", BY_TELEPHONE if evidence["by_phone"] else evidence["code_sent_to"]),
        ),
        words=evidence["words"],
        papers=(
            (f"{what} {convention.number}, telle que lue", read),
            (f"{what} {convention.number}, avec le sceau de cette signature", sealed),
        ),
        worth=(
            WORTH_BY_PHONE if evidence["by_phone"] else WAY_WORTH[Way.HERE],
            "Un horodatage prouve la date du sceau." if evidence["stamped"] else CLOCK,
            FINGERPRINT,
        ),
        trace=(
            ("Code envoyé à", evidence["code_sent_to"]),
            ("Adresse réseau", evidence["address"]),
            ("Navigateur", evidence["browser"]),
        ),
    )
