"""What every story starts from: the tariff, the issuers, the texts, the body that it names."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from tests.factories import tariffs
from tests.factories.conventions import adopt_texts, siret_of
from tests.factories.quotes import ADDRESSES
from tests.scenarios.story import Story, StoryError
from tripartite.journal.services import Actor
from tripartite.parties.queries import body_by_identifier
from tripartite.parties.services import (
    DirectoryFile,
    complete_body,
    import_directory,
    record_mandate,
    update_issuer,
)

TELLER = Actor("récit")
SOMEBODY = "Prénom NOM"
ORGANS = {"lfn": "Comité syndical", "cdg62": "Conseil d'administration"}
CDG_SIREN = "286200019"


def set_up(story: Story) -> Any:
    """Make what the story starts from, the day before its first step. Answers its body."""
    at = story.steps[0].at - timedelta(days=1)
    tariffs.adopted_grid()
    adopt_texts()
    _complete_issuers(story.setting, at)
    if story.setting.get("acts", True):
        _empower_presidents(at)
    _load_directory(story.body, at)
    scheme = "siren" if len(story.body) == 9 else "code_insee"
    body = body_by_identifier(scheme, story.body)
    if body is None:
        raise StoryError(f"L'annuaire livré n'a pas de structure « {story.body} » (code INSEE ou SIREN).")
    if story.setting.get("complete", True):
        changes = {"address": f"1 place de l'Exemple\n62000 {body.name}", "siret": siret_of(body.siren)}
        complete_body(body_id=body.pk, changes=changes, actor=TELLER, at=at)
    return body


def _complete_issuers(setting: dict[str, Any], at: datetime) -> None:
    for code, address in ADDRESSES.items():
        changes: dict[str, object] = {"address": address, "email": f"contact@{code}.exemple.fr"}
        if "validity_days" in setting:
            changes["quote_validity_days"] = setting["validity_days"]
        if code == "cdg62":
            changes["siret"] = siret_of(CDG_SIREN)
        update_issuer(code=code, changes=changes, actor=TELLER, at=at)


def _empower_presidents(at: datetime) -> None:
    taken = date(at.year - 1, 1, 15)
    for code, organ in ORGANS.items():
        record_mandate(
            issuer=code,
            person=SOMEBODY,
            function="Président",
            act="deliberation",
            organ=organ,
            number=f"{code.upper()}-1",
            adopted_on=taken,
            enforceable_on=taken,
            actor=TELLER,
            at=at,
        )


def _load_directory(wanted: str, at: datetime) -> None:
    """Load the body and its EPCI from the shipped files: no more, so that a story starts at once."""
    communes, epci = _rows("communes.csv"), _rows("epci.csv")
    kept = [row for row in communes[1:] if wanted in (row[0], row[2])]
    over = {row[6] for row in kept} | {wanted}
    groups = [row for row in epci[1:] if row[0] in over]
    files = [("communes.csv", [communes[0], *(kept or communes[1:2])]), ("epci.csv", [epci[0], *(groups or epci[1:2])])]
    import_directory([_file(name, rows) for name, rows in files], actor=TELLER, at=at, department="62")


def _rows(name: str) -> list[list[str]]:
    text = (settings.DIRECTORY_FOLDER / "62" / name).read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()]


def _file(name: str, rows: list[list[str]]) -> DirectoryFile:
    return DirectoryFile(name, "\n".join(",".join(row) for row in rows).encode(), "annuaire livré")
