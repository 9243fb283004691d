"""Adopting what going live takes: a later checklist serves later activations, those opened keep theirs."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from tripartite.going_live.models import ChecklistVersion
from tripartite.going_live.queries.checklists import ChecklistError, check_checklist, grid_of, read_checklist
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.journal.services import Actor, record
from tripartite.pricing.findings import Severity
from tripartite.pricing.grid import offer_of
from tripartite.tariffs.queries import grids_in_force


@transaction.atomic
def adopt_checklist(*, text: str, actor: Actor, at: datetime) -> ChecklistVersion:
    """Adopt a checklist (TOML): it serves the offer that its code names before the bar, or the only one. The same text
    again answers what is stored.

    Raises ChecklistError with every finding, those against the grid in force included; GoingLiveError when another
    text has that code.
    """
    checklist = read_checklist(text)
    digest = sha256(text.encode()).hexdigest()
    known = ChecklistVersion.objects.filter(code=checklist.code).first()
    if known is not None:
        if known.sha256 == digest:
            return known
        raise GoingLiveError(f"La liste {checklist.code} est adoptée : elle ne change plus. En écrire une autre.")
    grids = grids_in_force(timezone.localdate(at))
    findings = check_checklist(text, grids=grids)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise ChecklistError(findings)
    grid = grid_of(checklist.code, grids)
    version = ChecklistVersion.objects.create(
        code=checklist.code,
        offer=grid.offer if grid else offer_of(checklist.code),
        title=checklist.title,
        text=text,
        sha256=digest,
        adopted_at=at,
        adopted_by=actor.label,
    )
    record(
        actor=actor,
        at=at,
        action="subscriptions.adopt-checklist",
        subject_kind="checklist",
        subject_id=version.code,
        text=f"Liste de mise en service {version.code} adoptée.",
        details={"sha256": digest},
    )
    return version
