"""Text models: written as drafts, adopted with their act, never edited afterwards."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tripartite.conventions.models import TextVersion
from tripartite.conventions.printout.model_text import ModelError, read_model
from tripartite.conventions.queries.seen import TEXT
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.text_checks import check_text
from tripartite.conventions.states import TEXT_TRANSITIONS, TextState
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.pricing.findings import Severity, unseen_characters
from tripartite.typed import clean_line


@transaction.atomic
def draft_text(*, text: str, actor: Actor, at: datetime, seen: str | None = None) -> TextVersion:
    """Keep a text model as a draft; a draft of the same code is replaced.

    `seen` is the mark (`text_mark`) of what the edit was made on: StaleError when a draft of that code stands that it
    did not show, or no longer as it showed it. Raises ModelError with every finding, ConventionError when that code is
    already adopted.
    """
    if unseen := unseen_characters(text):
        raise ModelError(unseen)
    model = read_model(text)
    version = TextVersion.objects.select_for_update().filter(code=model.code).first() or TextVersion(code=model.code)
    if version.state != TextState.DRAFT:
        raise ConventionError(f"Le modèle {model.code} est adopté : ses mots ne changent plus. En écrire un autre.")
    if version.pk:
        check_seen(seen, "text", version.code, version.sha256, what=f"Le projet {version.code}", actions=(TEXT,))
    version.kind, version.offer, version.title, version.text = model.kind, model.offer, model.title, text
    version.sha256 = sha256(text.encode()).hexdigest()
    version.drafted_at, version.drafted_by = at, actor.label
    version.save()
    _record(version, actor, at, TEXT, f"Modèle {version.code} enregistré comme projet.")
    return version


@transaction.atomic
def adopt_text(*, code: str, adopting_act: str, actor: Actor, at: datetime) -> TextVersion:
    """Adopt a draft, with the act that adopts it: new papers of its offer (or of all) use it; the former is retired.

    Raises ConventionError when there is no such draft or no act, or when `check_text` finds that no offer could use it.
    """
    version = TextVersion.objects.select_for_update().filter(code=code).first()
    if version is None:
        raise ConventionError(f"Aucun modèle « {code} ».")
    if TextState.ADOPTED not in TEXT_TRANSITIONS[TextState(version.state)]:
        raise ConventionError(f"Le modèle {code} est déjà {version.state_label}.")
    if not clean_line(adopting_act):
        raise ConventionError("Indiquez l'acte qui adopte ce modèle.")
    if wrong := [one for one in check_text(read_model(version.text), version.text) if one.severity is Severity.ERROR]:
        raise ConventionError(" ".join(one.text for one in wrong))
    same = {"kind": version.kind, "offer": version.offer, "state": TextState.ADOPTED}
    former = TextVersion.objects.select_for_update().filter(**same).first()
    if former is not None:
        former.state = TextState.RETIRED
        former.save(update_fields=["state"])
    version.state, version.adopted_at, version.adopted_by = TextState.ADOPTED, at, actor.label
    version.adopting_act = clean_line(adopting_act)[:300]
    version.save()
    replaced = f" Il remplace {former.code}." if former else ""
    only = f" pour l'offre « {version.offer} »" if version.offer else ""
    text = f"Modèle {code} adopté{only} ({version.adopting_act}).{replaced}"
    _record(version, actor, at, "conventions.adopt-text", text)
    return version


def _record(version: TextVersion, actor: Actor, at: datetime, action: str, text: str) -> None:
    details = {"sha256": version.sha256}
    record(actor=actor, at=at, action=action, subject_kind="text", subject_id=version.code, text=text, details=details)
