"""What every story starts from: the tariff, the issuers, the texts, the body that it names."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from tests.factories import tariffs
from tests.factories.conventions import adopt_texts, siret_of
from tests.factories.quotes import ADDRESSES
from tests.factories.subscriptions import adopt_shipped_checklist
from tests.parties import files
from tests.scenarios.story import Story, StoryError
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.issuers import update_issuer
from tripartite.parties.services.mandates import record_mandate
from tripartite.parties.services.reading import DirectoryFile

TELLER = Actor("récit")
SOMEBODY = "Prénom NOM"
ORGANS = {"lfn": "Comité syndical", "cdg62": "Conseil d'administration"}
CDG_SIREN = "286200019"
OTHERS = [line for code, line in files.COMMUNES.items() if not code.startswith("624")][:60]


def set_up(story: Story) -> Any:
    """Make what the story starts from, the day before its first step. Answers its body."""
    at = story.steps[0].at - timedelta(days=1)
    tariffs.adopted_grid()
    adopt_texts()
    _complete_issuers(story.setting, at)
    if story.setting.get("acts", True):
        _empower_presidents(at)
    adopt_shipped_checklist()
    former = story.setting.get("former", {})
    if former:
        _load_former(former, at)
    else:
        _load_directory(story.body, at)
    scheme = "siren" if len(story.body) == 9 else "code_insee"
    body = body_by_identifier(scheme, story.body)
    if body is None:
        raise StoryError(f"L'annuaire livré n'a pas de structure « {story.body} » (code INSEE ou SIREN).")
    return complete(body, at) if story.setting.get("complete", True) else body


def complete(body: Any, at: datetime) -> Any:
    """Give a body the address and the SIRET of an example."""
    changes = {"address": f"1 place de l'Exemple\n62000 {body.name}", "siret": siret_of(body.siren)}
    complete_body(body_id=body.pk, changes=changes, actor=TELLER, at=at)
    return body_by_identifier("siren", body.siren)


def _load_former(former: dict[str, Any], at: datetime) -> None:
    """Load communes that are no longer: those that the story describes, among enough others to tell a departure."""
    lines = [
        files.commune(code, nom=said["name"], population=str(said["population"]), annee_population="2021")
        for code, said in former.items()
    ]
    _import([*OTHERS, *lines], None, at)


def load_merger(body: Any, into: str, since: date, at: datetime) -> None:
    """A newer directory, in which a body is merged into a commune of the shipped one from a day on."""
    movement = f"32,{since},COM,{body.code_insee},{body.name},COM,{into},"
    _import([*OTHERS, files.commune(into)], _movements(movement), at)


def load_restoration(body: Any, leaving: str, since: date, at: datetime) -> None:
    """A newer directory, in which a former commune lives again, leaving the one that it had joined."""
    movement = f"21,{since},COMD,{body.code_insee},{body.name},COM,{body.code_insee},"
    line = files.commune(body.code_insee, nom=body.name, siren=body.siren, population="900", annee_population="2025")
    _import([*OTHERS, files.commune(leaving), line], _movements(movement), at)


def load_population(body: Any, value: int, year: int, at: datetime) -> None:
    """A newer directory, that gives a commune another population."""
    line = files.commune(body.code_insee, nom=body.name, population=str(value), annee_population=str(year))
    _import([line], None, at)


def _movements(line: str) -> DirectoryFile:
    return files.raw(f"MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP\n{line}\n")


def _import(lines: list[dict[str, str]], movements: DirectoryFile | None, at: datetime) -> None:
    given = [files.written(*lines), *([movements] if movements else [])]
    import_directory(given, actor=TELLER, at=at, department="62")


def _complete_issuers(setting: dict[str, Any], at: datetime) -> None:
    for code, address in ADDRESSES.items():
        changes: dict[str, object] = {"address": address, "email": f"contact@{code}.exemple.fr"}
        changes["quote_validity_days"] = setting.get("validity_days", 90)
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
