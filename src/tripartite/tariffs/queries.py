"""Which grid prices an order, and the versions there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from tripartite.journal.recall import recalled
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.questions import DAY, Place, Question
from tripartite.tariffs.models import GridVersion
from tripartite.tariffs.states import GridState


def grid_in_force(on: date, *, offer: str) -> Grid | None:
    """The adopted grid that prices the orders of an offer on a day (inclusive dates), None when there is none."""
    found = _in_force(on).filter(offer=offer).values_list("sha256", "id").first()
    return None if found is None else _grid(*found)


def grids_in_force(on: date) -> tuple[Grid, ...]:
    """The adopted grid of each offer that has one on a day (inclusive dates), by the offer's code: one query."""

    def read() -> tuple[Grid, ...]:
        found: dict[str, tuple[str, int]] = {}
        for offer, sha256, key in IN_FORCE.ask(on):
            found.setdefault(offer, (sha256, key))
        return tuple(_grid(*found[offer]) for offer in sorted(found))

    return recalled("grids-in-force", on, read=read)


def _in_force(on: date | Place) -> QuerySet[GridVersion]:
    """The adopted versions that apply on a day and are not replaced by then, the latest first."""
    ends = Q(applies_until__isnull=True) | Q(applies_until__gte=on)
    replaced = Q(replaced_from__isnull=True) | Q(replaced_from__gt=on)
    return GridVersion.objects.filter(ends, replaced, state=GridState.ADOPTED, applies_from__lte=on)


IN_FORCE = Question[tuple[str, str, int]](lambda on: _in_force(on).values_list("offer", "sha256", "id"), DAY)
"""The offer, the digest and the key of the grids in force on a day, the latest first."""


def offer_titles() -> dict[str, str]:
    """Every offer that was ever adopted, by its code, with the title of its latest grid: one query."""
    adopted = GridVersion.objects.filter(state=GridState.ADOPTED).order_by("offer", "applies_from", "pk")
    return dict(recalled("offer-titles", read=lambda: tuple(adopted.values_list("offer", "title"))))


def issuers_of_offer(offer: str) -> frozenset[str]:
    """The codes of the issuers of an offer, by its latest adopted grid, else by its latest draft: one query, two for a
    draft."""
    grid = latest_grid(offer)
    return frozenset(grid.issuers) if grid else frozenset()


def latest_grid(offer: str) -> Grid | None:
    """The latest adopted grid of an offer, else its latest draft: one query, two for a draft."""

    def read() -> Grid | None:
        found = GridVersion.objects.filter(offer=offer).order_by("-applies_from", "-pk").values_list("sha256", "id")
        latest = found.filter(state=GridState.ADOPTED).first() or found.filter(state=GridState.DRAFT).first()
        return _grid(*latest) if latest else None

    return recalled("latest-grid", offer, read=read)


def offer_of_grid(code: str) -> str | None:
    """The offer that a stored version prices: one query. None where there is no such version."""
    return GridVersion.objects.filter(code=code).values_list("offer", flat=True).first()


def grid_by_code(code: str) -> Grid | None:
    """The grid of that code, drafts included; None when there is none."""
    known = GridVersion.objects.exclude(state=GridState.WITHDRAWN).filter(code=code)
    found = recalled("grid-by-code", code, read=known.values_list("sha256", "id").first)
    return None if found is None else _grid(*found)


def name_of_service(code: str, *, on: date) -> str:
    """What the grids in force on a day call a service; else the latest grid that knew it; the code where none does."""
    adopted = GridVersion.objects.filter(state=GridState.ADOPTED).order_by("-applies_from", "-pk")
    found = next((grid for grid in grids_in_force(on) if code in grid.services), None)
    older = (_grid(*row) for row in adopted.values_list("sha256", "id")) if found is None else ()
    named = found or next((grid for grid in older if code in grid.services), None)
    return named.services[code].name if named else code


def named_grid(code: str) -> Grid | None:
    """The grid of that code, drafts included, its last day being the eve of the version that took over from it, if one
    did; None when there is none. One query.
    """
    found = GridVersion.objects.exclude(state=GridState.WITHDRAWN).filter(code=code).defer("text").first()
    if found is None:
        return None
    grid, last = _grid(found.sha256, found.pk), _last_day(found)
    return grid if last == grid.applies_until else replace(grid, applies_until=last)


def grid_versions(*, drafts: bool = False, offer: str = "") -> Sequence[GridVersion]:
    """The adopted versions (and the drafts if asked), of an offer or of all, newest first."""
    states = [GridState.ADOPTED, GridState.DRAFT] if drafts else [GridState.ADOPTED]
    found = GridVersion.objects.filter(state__in=states).defer("text")
    return list(found.filter(offer=offer) if offer else found)


def version_by_code(code: str) -> GridVersion | None:
    """The stored version of that code, with its text."""
    return GridVersion.objects.filter(code=code).first()


def rewritten_versions(grid: Grid, text: str) -> list[str]:
    """A French message when a version of that code is adopted with another text: an adopted text never changes."""
    known = version_by_code(grid.code)
    if known is None or known.state != GridState.ADOPTED or _bare(known.text) == _bare(text):
        return []
    return [f"« {grid.code} » est déjà adoptée avec un autre texte, qui ne change plus : donner un autre code."]


def _bare(text: str) -> str:
    """A text without what an editor adds to it: a byte order mark, its own ends of lines."""
    return "\n".join(text.removeprefix("\ufeff").splitlines())


def clashing_versions(grid: Grid, others: Sequence[GridVersion] | None = None) -> list[str]:
    """French messages, one per adopted version of the same offer that applies on the days of `grid` without being
    superseded by it. `others` narrows the versions looked at (by default, all that are adopted).
    """
    if others is None:
        others = list(GridVersion.objects.filter(state=GridState.ADOPTED, offer=grid.offer).defer("text"))
    return [
        f"La grille « {other.code} » s'applique aux mêmes jours : dire supersedes, ou changer les dates."
        for other in others
        if other.code not in (grid.code, grid.supersedes)
        and other.offer == grid.offer
        and (grid.applies_until is None or other.applies_from <= grid.applies_until)
        and ((last := _last_day(other)) is None or grid.applies_from <= last)
    ]


def _last_day(version: GridVersion) -> date | None:
    """The last day on which a version applies: its own, or the eve of the one that took over."""
    days = [version.applies_until, version.replaced_from and version.replaced_from - timedelta(days=1)]
    return min((day for day in days if day is not None), default=None)


def previous_version(grid: Grid) -> GridVersion | None:
    """The adopted version that a grid takes over from: the one that it supersedes, else the last of its offer that
    begins before it; None for the first of an offer.
    """
    adopted = (
        GridVersion.objects.filter(state=GridState.ADOPTED, offer=grid.offer).exclude(code=grid.code).defer("text")
    )
    named = adopted.filter(code=grid.supersedes).first() if grid.supersedes else None
    return named or adopted.filter(applies_from__lte=grid.applies_from).first() or adopted.first()


def first_day_of_tariff(offer: str | None = None) -> date | None:
    """The first day on which an adopted grid applies: of an offer, or of any."""
    adopted = GridVersion.objects.filter(state=GridState.ADOPTED)
    if offer is not None:
        adopted = adopted.filter(offer=offer)
    return adopted.order_by("applies_from").values_list("applies_from", flat=True).first()


Having = tuple[Grid, date, date]
"""A grid, the first day on which it can rule what runs, and the one on which it was adopted here."""


@dataclass(frozen=True, slots=True)
class RunningTariffs:
    """The adopted grids by the day from which what runs already takes them, the latest first.

    `learnt` is the day on which each was adopted here, by code (a draft: drafted); a grid without one was always known.
    Those `hidden` take nothing over: they were not known yet.
    """

    grids: tuple[Grid, ...]
    learnt: Mapping[str, date] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    _by_code: dict[str, Grid] = field(default_factory=dict, init=False, repr=False, compare=False)
    _having: dict[tuple[str, str], tuple[Having, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _alike: dict[tuple[str, ...], tuple[Having, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _known: dict[frozenset[str], "RunningTariffs"] = field(default_factory=dict, init=False, repr=False, compare=False)
    _others: dict[str, "RunningTariffs"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_code.update((grid.code, grid) for grid in reversed(self.grids))

    def learnt_on(self, grid: Grid) -> date:
        """The day on which a grid was adopted here."""
        return self.learnt.get(grid.code, date.min)

    def known_on(self, day: date) -> "RunningTariffs":
        """The same, as they were known on a day: those adopted later are hidden."""
        hidden = frozenset(grid.code for grid in self.grids if self.learnt_on(grid) > day)
        if hidden == self.hidden:
            return self
        if hidden not in self._known:
            self._known[hidden] = replace(self, hidden=hidden)
        return self._known[hidden]

    def without(self, code: str) -> "RunningTariffs":
        """The same, as if a grid had not been adopted."""
        if code not in self._others:
            self._others[code] = replace(self, grids=tuple(grid for grid in self.grids if grid.code != code))
        return self._others[code]

    def by_code(self, code: str) -> Grid | None:
        """The adopted grid of that code."""
        return self._by_code.get(code)

    def ruling(self, service: str, *, like: Grid, on: date, known_on: date) -> Grid | None:
        """The grid that prices a running service at a due date: of the offer of `like`, the last one that
        rules running services by then and still knows this one. One adopted after the day `known_on`, on which what is
        due was asked, counts only where its act says so (decision 72).
        """
        for grid, first, learnt in self.having(service, like=like):
            if first <= on and (learnt <= known_on or grid.asks_difference):
                return grid
        return None

    def imposed(self, service: str, *, like: Grid, after: date, on: date, known_on: date) -> tuple[Grid, date] | None:
        """The grid whose act makes running services change on a day of its own, between two days (after excluded,
        on included), with that day: that of the adoption where it is later, as for `ruling`.
        """
        for grid, _, learnt in self.having(service, like=like):
            if grid.running_from is None:
                continue
            late = learnt > max(grid.running_from, known_on) and not grid.asks_difference
            day = learnt if late else grid.running_from
            if after < day <= on:
                return grid, day
        return None

    def having(self, service: str, *, like: Grid) -> tuple[Having, ...]:
        """The grids of the offer of `like` that have a service: one value for all the services that the same grids
        have. Asked of each lot of a whole directory.
        """
        found = self._having.get((service, like.code))
        if found is None:
            shown = (grid for grid in self.grids if grid.code not in self.hidden)
            grids = [grid for grid in shown if grid.offer == like.offer and service in grid.services]
            same = tuple(grid.code for grid in grids)
            if same not in self._alike:
                self._alike[same] = tuple((grid, rules_from(grid), self.learnt_on(grid)) for grid in grids)
            found = self._having[service, like.code] = self._alike[same]
        return found


def running_tariffs(*, drafts: Collection[str] = ()) -> RunningTariffs:
    """Every adopted grid, and the drafts of these codes for a simulation; one query for grids already met."""
    if not drafts:
        return recalled("running-tariffs", read=lambda: _running_tariffs(()))
    return _running_tariffs(drafts)


def _running_tariffs(drafts: Collection[str]) -> RunningTariffs:
    adopted = Q(state=GridState.ADOPTED)
    wanted = adopted | Q(state=GridState.DRAFT, code__in=drafts) if drafts else adopted
    found = GridVersion.objects.filter(wanted).order_by("-pk").values_list("sha256", "id", "adopted_at", "drafted_at")
    grids = [(_grid(sha256, key), timezone.localdate(adopted or drafted)) for sha256, key, adopted, drafted in found]
    learnt = {grid.code: day for grid, day in grids}
    return RunningTariffs(tuple(sorted((grid for grid, _ in grids), key=rules_from, reverse=True)), learnt)


def rules_from(grid: Grid) -> date:
    """The first day on which what runs already can take a tariff."""
    return grid.running_from or grid.applies_from


@lru_cache(maxsize=32)
def _grid(sha256: str, version_id: int) -> Grid:  # noqa: ARG001 - the hash is the key: a text never changes
    """The parsed text of a version: read once a process, since an adopted text never changes."""
    return read_grid(GridVersion.objects.values_list("text", flat=True).get(pk=version_id))
