"""Text models: written as drafts, adopted with their act, never edited afterwards."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from tripartite.conventions.models import TextVersion
from tripartite.conventions.printout.model_text import read_model
from tripartite.conventions.queries.seen import TEXT
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.states import TEXT_TRANSITIONS, TextState
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.typed import clean_line


@transaction.atomic
def draft_text(*, text: str, actor: Actor, at: datetime, seen: str | None = None) -> TextVersion:
    """Keep a text model as a draft; a draft of the same code is replaced.

    `seen` is the mark (`text_mark`) of what the edit was made on: StaleError when a draft of that code stands that it
    did not show, or no longer as it showed it. Raises ModelError with every finding, ConventionError when that code is
    already adopted.
    """
    model = read_model(text)
    version = TextVersion.objects.select_for_update().filter(code=model.code).first() or TextVersion(code=model.code)
    if version.state != TextState.DRAFT:
        raise ConventionError(f"Le modèle {model.code} est adopté : ses mots ne changent plus. En écrire un autre.")
    if version.pk:
        check_seen(seen, "text", version.code, version.sha256, what=f"Le projet {version.code}", actions=(TEXT,))
    version.kind, version.title, version.text = model.kind, model.title, text
    version.sha256 = sha256(text.encode()).hexdigest()
    version.drafted_at, version.drafted_by = at, actor.label
    version.save()
    _record(version, actor, at, TEXT, f"Modèle {version.code} enregistré comme projet.")
    return version


@transaction.atomic
def adopt_text(*, code: str, adopting_act: str, actor: Actor, at: datetime) -> TextVersion:
    """Adopt a draft, with the act that adopts it: new conventions use it, the former one is retired.

    Raises ConventionError when there is no such draft or no act.
    """
    version = TextVersion.objects.select_for_update().filter(code=code).first()
    if version is None:
        raise ConventionError(f"Aucun modèle « {code} ».")
    if TextState.ADOPTED not in TEXT_TRANSITIONS[TextState(version.state)]:
        raise ConventionError(f"Le modèle {code} est déjà {version.state_label}.")
    if not clean_line(adopting_act):
        raise ConventionError("Indiquez l'acte qui adopte ce modèle.")
    former = TextVersion.objects.select_for_update().filter(kind=version.kind, state=TextState.ADOPTED).first()
    if former is not None:
        former.state = TextState.RETIRED
        former.save(update_fields=["state"])
    version.state, version.adopted_at, version.adopted_by = TextState.ADOPTED, at, actor.label
    version.adopting_act = clean_line(adopting_act)[:300]
    version.save()
    replaced = f" Il remplace {former.code}." if former else ""
    text = f"Modèle {code} adopté ({version.adopting_act}).{replaced}"
    _record(version, actor, at, "conventions.adopt-text", text)
    return version


def _record(version: TextVersion, actor: Actor, at: datetime, action: str, text: str) -> None:
    details = {"sha256": version.sha256}
    record(actor=actor, at=at, action=action, subject_kind="text", subject_id=version.code, text=text, details=details)
