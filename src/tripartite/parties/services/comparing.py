"""Comparing what files say with what the directory holds: reads only, says what an import has to write."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.history import History, Movement
from tripartite.parties.services.assembling import Assembly, Row, Said
from tripartite.parties.services.reading import Finding
from tripartite.parties.states import Change as Moved
from tripartite.pricing.naming import complement
from tripartite.pricing.order import Kind

COMPARED = {
    "name": "nom",
    "kind": "nature",
    "departments": "départements",
    "code_insee": "code INSEE",
    "postal_codes": "codes postaux",
}
WRITTEN = (
    *(*COMPARED, "department", "former_traits", "listed", "usual_names"),
    *("ended_on", "end_learnt_on", "merged_into", "unlisted_on"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """New values of a body's columns, what they were, and how people call them."""

    body: PublicBody
    values: dict[str, object]
    before: dict[str, object]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """A body that ended on a day (inclusive), and the SIREN it went `into`, where known. `body` is None for one that
    was not in the directory: it comes in as a former one, from the file that still has it.
    """

    siren: str
    name: str
    ended_on: date
    into: str | None
    into_name: str | None
    body: PublicBody | None = None


@dataclass(slots=True)
class Comparison:
    seat: str | None
    added: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    unlisted: list[PublicBody] = field(default_factory=list)
    unchanged: int = 0
    figures: list[tuple[str, Said]] = field(default_factory=list)
    epci_of: dict[str, str | None] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)
    usual_names: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (
            self.added
            or self.changed
            or self.departures
            or self.unlisted
            or self.figures
            or self.epci_of
            or self.movements
        )

    def seat_of(self, row: Row) -> str | None:
        """The département of the seat: the one the file says, the only one, or the one the directory is loaded for."""
        if row.seat or len(row.departments) == 1:
            return row.seat or row.departments[0]
        return self.seat if self.seat in row.departments else None


def compare(
    assembly: Assembly,
    usual_names: dict[str, tuple[str, ...]],
    bodies: Iterable[PublicBody],
    history: History,
    *,
    seat: str | None,
) -> Comparison:
    """What has to be written for the directory to say what the files do."""
    return _Comparer(assembly, usual_names, {body.siren: body for body in bodies}, history, seat).compared()


class _Comparer:
    """The work of `compare`, in steps."""

    def __init__(
        self,
        assembly: Assembly,
        usual_names: dict[str, tuple[str, ...]],
        bodies: dict[str, PublicBody],
        history: History,
        seat: str | None,
    ) -> None:
        self.assembly, self.bodies, self.history = assembly, bodies, history
        self.usual_names = {siren: " | ".join(names) for siren, names in usual_names.items()}
        self.found = Comparison(seat, skipped=list(assembly.skipped), usual_names=self.usual_names)
        self.rows = assembly.rows
        self.bearers = {row.code_insee: row for row in self.rows.values() if row.code_insee and row.ended is None}
        self.living = {body.code_insee: body for body in bodies.values() if body.code_insee and body.ended_on is None}
        self.siren_of = {body.pk: body.siren for body in bodies.values()}
        self.leaving: set[str] = set()

    def compared(self) -> Comparison:
        for body in self.bodies.values():
            self._compare_end(body)
        for row in self.rows.values():
            if row.ended is not None:
                self._compare_former(row)
            elif self._admits(row):
                self._compare_epci(row)
                self._compare_row(row, self.bodies.get(row.siren))
        for body in self.bodies.values():
            if body.siren not in self.rows or self.rows[body.siren].ended is not None:
                self._compare_unsaid(body)
        self._find_figures()
        return self.found

    def _compare_end(self, body: PublicBody) -> None:
        """Whether movements say that a commune of the directory has ended."""
        end = self._end(body)
        if end is not None and body.ended_on is None:
            self.leaving.add(body.siren)
            self.found.departures.append(self._departure(body.siren, body.name, end, body))

    def _end(self, body: PublicBody) -> Movement | None:
        code, history = body.code_insee, self.history
        row = self.rows.get(body.siren)
        if code is None or body.kind != Kind.COMMUNE.value or (row is not None and row.ended is None):
            return None
        if row is not None:
            return row.ended
        if not history.lives(code):
            end = history.end_of(code)
            return None if end is None or end.change is Moved.RECODED else end
        birth = history.last_birth(code)
        took = next((one for one in history.leaving.get(code, ()) if one.on == birth and one.into == code), None)
        other = self.bearers.get(code)
        if took is None or body.siren == (other.siren if other else None):
            return None
        renamed = fold(took.name) == fold(body.name) != fold(took.into_name)
        return took if other is not None or renamed else None

    def _departure(self, siren: str, name: str, end: Movement, body: PublicBody | None) -> Departure:
        into, into_name = self._heir(end, siren) or (None, None)
        return Departure(siren, name, end.last_day, into, into_name, body)

    def _heir(self, end: Movement, siren: str) -> tuple[str, str] | None:
        """The SIREN and name of the commune where what a movement moved is now, if a file or the directory has it."""
        code = self.history.heir(end)
        row, body = self.bearers.get(code), self.living.get(code)
        if row is not None and row.siren != siren and row.siren not in self.leaving:
            return row.siren, row.name
        if body is not None and body.siren != siren and body.siren not in self.leaving and self._end(body) is None:
            return body.siren, body.name
        return None

    def _compare_former(self, row: Row) -> None:
        """A commune that the directory has only once it has ended."""
        if row.siren not in self.bodies and row.ended is not None:
            self.found.departures.append(self._departure(row.siren, row.name, row.ended, None))
            self.found.added.append(row)

    def _admits(self, row: Row) -> bool:
        """Whether what the files say of a body can be written: its code is not another's whose end no source dates, and
        it did not end.
        """
        holder, body = self.living.get(row.code_insee or ""), self.bodies.get(row.siren)
        if (
            holder is not None
            and holder.siren != row.siren
            and holder.siren not in self.leaving
            and holder.siren not in self.rows
        ):
            self._leave(
                f"{row.name} : le code {row.code_insee} est celui {complement(holder.name)} ({holder.siren}), dont"
                " aucun mouvement ne dit la fin. Ajouter le fichier des mouvements, ou noter son dernier jour sur sa"
                " page."
            )
            return False
        if body is not None and body.ended_on is not None and not self._restored(body, row):
            self._leave(f"{body.name} ({body.siren}) : terminée le {body.ended_on:%d/%m/%Y}, un fichier l'a encore.")
            return False
        return True

    def _restored(self, body: PublicBody, row: Row) -> bool:
        """Whether a movement says that a body that ended lives again."""
        born = self.history.coming.get(row.code_insee or "", ())
        return any(one.change is Moved.RESTORED and body.ended_on and one.on > body.ended_on for one in born)

    def _leave(self, why: str) -> None:
        self.found.skipped.append(Finding("annuaire", 1, why))

    def _compare_epci(self, row: Row) -> None:
        if not row.says_epci:
            return
        body = self.bodies.get(row.siren)
        epci = row.epci if row.epci in self.rows or row.epci in self.bodies else None
        if (self.siren_of.get(body.epci_id or 0) if body else None) != epci:
            self.found.epci_of[row.siren] = epci

    def _compare_row(self, row: Row, body: PublicBody | None) -> None:
        if body is None:
            self.found.added.append(row)
            return
        said: dict[str, object] = {"kind": row.kind.value, "departments": " ".join(row.departments)}
        said["code_insee"] = row.code_insee
        if row.names:
            said["name"] = row.name
        if row.postal_codes is not None:
            said["postal_codes"] = " ".join(row.postal_codes)
        values = {name: said[name] for name in COMPARED if name in said and getattr(body, name) != said[name]}
        labels = [COMPARED[name] for name in values]
        if "departments" in values and body.department not in row.departments:
            values["department"] = self.found.seat_of(row)
        if body.ended_on is not None:
            values |= {"ended_on": None, "merged_into_id": None}
            labels.append("existe de nouveau")
        if not body.listed:
            values["listed"] = True
            labels.append("désormais tenu par le fichier")
        if body.unlisted_on is not None and row.complete:
            values["unlisted_on"] = None
            labels.append("de nouveau dans le fichier")
        self._note_usual_names(body, values, labels)
        if row.siren in self.found.epci_of:
            labels.append("intercommunalité")
        self._change(body, values, labels)

    def _compare_unsaid(self, body: PublicBody) -> None:
        """What the files change of a body that none of their lines is about."""
        values: dict[str, object] = {}
        labels: list[str] = []
        self._note_usual_names(body, values, labels)
        end = self._known_end(body)
        if end is not None and body.merged_into_id is None and (into := self._heir(end, body.siren)):
            values["merged_into_id"] = into[0]
            labels.append(f"réunie à {into[1]}")
        moved = self.history.leaving.get(body.code_insee or "", ())
        recoded = next((one for one in reversed(moved) if one.change is Moved.RECODED), None)
        if recoded is not None and body.ended_on is None and not self.history.lives(recoded.code):
            values["code_insee"] = self.history.heir(recoded)
            labels.append(COMPARED["code_insee"])
        if labels:
            self._change(body, values, labels)
        elif self._is_unlisted(body):
            self.found.unlisted.append(body)

    def _known_end(self, body: PublicBody) -> Movement | None:
        """The movement by which a body that ended did."""
        if body.ended_on is None or body.code_insee is None:
            return None
        first = body.ended_on + timedelta(days=1)
        moved = self.history.leaving.get(body.code_insee, ())
        return next((one for one in moved if one.on == first and one.change is Moved.MERGED), None)

    def _is_unlisted(self, body: PublicBody) -> bool:
        """Whether the files list the bodies of its kind, in all its départements, without it."""
        covered = self.assembly.covered.get(Kind(body.kind))
        if not covered or not body.listed or body.ended_on is not None or body.unlisted_on is not None:
            return False
        if body.siren in self.leaving or body.siren in self.rows or body.code_insee in self.assembly.unknown_codes:
            return False
        departments = set(body.departments.split())
        return self.found.seat in departments if self.found.seat else departments <= covered

    def _note_usual_names(self, body: PublicBody, values: dict[str, object], labels: list[str]) -> None:
        names = self.usual_names.get(body.siren, "")
        if names and body.usual_names != names:
            values["usual_names"] = names
            labels.append("noms d'usage")

    def _change(self, body: PublicBody, values: dict[str, object], labels: list[str]) -> None:
        if not labels:
            self.found.unchanged += 1
            return
        before = {name: getattr(body, name) for name in values}
        self.found.changed.append(Change(body, values, before, tuple(labels)))

    def _find_figures(self) -> None:
        """Populations that are not known yet: those that differ from the latest known of their year. A file without a
        year adds one only where it also differs from the latest of all.
        """
        latest: dict[tuple[str, str], int] = {}
        latest_of_year: dict[tuple[str, str, int | None], int] = {}
        rows = Figure.objects.filter(measure=Figure.Measure.POPULATION, declared_by__isnull=True)
        if len(self.rows) < len(self.bodies) // 4:
            rows = rows.filter(body__siren__in=list(self.rows))
        for siren, counted, value, year in rows.order_by("applies_on", "recorded_at", "id").values_list(
            "body__siren", "counted", "value", "year"
        ):
            latest[siren, counted] = latest_of_year[siren, counted, year] = value
        admitted = self.bodies.keys() | {row.siren for row in self.found.added}
        for row in self.rows.values():
            if row.siren not in admitted:
                continue
            for said in sorted(row.populations.values(), key=lambda one: (one.counted, one.year or 0)):
                if said.year is None and latest.get((row.siren, said.counted)) == said.value:
                    continue
                if latest_of_year.get((row.siren, said.counted, said.year)) != said.value:
                    self.found.figures.append((row.siren, said))
