"""Searching the directory as people type. The same answers on every database: names are compared in memory.

Each process keeps one index of the names and codes, about a kilobyte a body at most, read again when the directory's
token says that something changed. A search then costs three queries, whatever the directory's size.
"""

from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from tripartite.parties.models import DirectoryRevision, PublicBody
from tripartite.parties.queries.bodies import with_facts
from tripartite.parties.queries.folding import fold, fold_unfinished
from tripartite.parties.queries.history import Former
from tripartite.parties.queries.movements import known_history
from tripartite.parties.queries.name_index import Entry, NameIndex

MAX_LENGTH = 100
MOST_NAMED = 5_000
"""Keys that one query may hold."""

_kept: dict[str, tuple[str | None, NameIndex]] = {}
_building = Lock()


class Found(NamedTuple):
    """A body that a text may mean. `through` says, in French, the former name or code by which it was found, and its
    last day (inclusive): « X (99001), jusqu'au 31/12/2024 »; « » when it was found by its own.
    """

    body: PublicBody
    through: str


def search_directory(
    text: str,
    *,
    limit: int = 10,
    department: str | None = None,
    include_ended: bool = False,
    include_declared: bool = False,
) -> list[Found]:
    """The bodies that `text` may mean, the likeliest first, with what their facts need.

    `text` is a name, its beginning or some of its words, in any spelling, small mistakes forgiven; a usual name or an
    acronym; a postal code, an INSEE code, a SIREN or a SIRET; or a name with a code. A full name comes first, then what
    begins so, then what contains it, then what nearly reads so. A name or a code that is no longer borne leads to the
    body that goes on. `department` keeps the bodies that extend over one département; former bodies are left out
    unless asked for, and so are those that only a visitor declared: agents alone are shown them.
    """
    found = _index().search(
        text[:MAX_LENGTH],
        limit=limit,
        department=department,
        include_ended=include_ended,
        include_declared=include_declared,
    )
    bodies = with_facts().in_bulk([entry.pk for entry in found])
    return [Found(bodies[entry.pk], entry.through) for entry in found if entry.pk in bodies]


def search_bodies(
    text: str,
    *,
    limit: int = 10,
    department: str | None = None,
    include_ended: bool = False,
    include_declared: bool = False,
) -> list[PublicBody]:
    """The same bodies, without saying by which name they were found."""
    found = search_directory(
        text, limit=limit, department=department, include_ended=include_ended, include_declared=include_declared
    )
    return [one.body for one in found]


def named(word: str, at: str) -> Q:
    """Rows whose body, under the field `at`, has this word in its name: accents, hyphens, short names told alike.

    The same rows on every database. A word that too many names hold is looked for as it is typed.
    """
    asked = {fold(word), fold_unfinished(word)} - {""}
    index = _index() if asked else None
    if index is not None:
        found = {
            one.pk for one, name in zip(index.entries, index.spelled, strict=True) if any(a in name for a in asked)
        }
        if len(found) <= MOST_NAMED:
            return Q(**{f"{at}_id__in": found})
    return Q(**{f"{at}__name__icontains": word})


def _index() -> NameIndex:
    """The index of the directory as the current transaction sees it."""
    token = DirectoryRevision.objects.values_list("token", flat=True).first()
    database = str(connection.settings_dict["NAME"])
    kept = _kept.get(database)
    if kept is not None and kept[0] == token:
        return kept[1]
    with _building:
        kept = _kept.get(database)
        if kept is not None and kept[0] == token:
            return kept[1]
        index = NameIndex(_entries())
        _kept[database] = (token, index)
        return index


def _entries() -> list[Entry]:
    """Each body by its name, by its usual names, and by what it or those merged into it were called."""
    columns = ("pk", "name", "siren", "siret", "code_insee", "postal_codes", "departments")
    entries: list[Entry] = []
    living: dict[str, Entry] = {}
    ended: list[tuple[Entry, date, int]] = []
    own: dict[int, Entry] = {}
    rows = PublicBody.objects.order_by().values_list(
        *columns, "usual_names", "ended_on", "merged_into_id", "declared_by"
    )
    for pk, name, siren, siret, code, postal, departments, usual, ended_on, merged_into, declared_by in rows.iterator(
        chunk_size=5000
    ):
        said = (pk, name, siren, siret, code, postal, departments, ended_on is not None)
        entry = Entry(*said, declared=bool(declared_by))
        own[entry.pk] = entry
        entries.append(entry)
        entries += (
            Entry(pk, other, "", None, None, "", departments, entry.ended) for other in usual.split(" | ") if other
        )
        if ended_on is None and entry.code_insee:
            living[entry.code_insee] = entry
        elif ended_on is not None and merged_into is not None:
            ended.append((entry, ended_on, merged_into))
    into = {entry.pk: key for entry, _, key in ended}
    for entry, last_day, key in ended:
        heir = own[_last(key, into)]
        if not heir.ended:
            entries.append(_former(heir, entry.name, entry.code_insee or "", last_day, entry.siren))
    entries += (
        _former(living[one.heir], one.name, one.code, one.last_day)
        for one in known_history().formers()
        if one.heir in living and not _is_borne(one, living)
    )
    return entries


def _last(key: int, into: dict[int, int]) -> int:
    """The body that bears now what a merged one had, step by step."""
    seen = {key}
    while key in into and into[key] not in seen:
        key = into[key]
        seen.add(key)
    return key


def _is_borne(former: Former, living: dict[str, Entry]) -> bool:
    """Whether the commune of this code has this name now, again or still: there is nothing to lead to."""
    at_home = living.get(former.code)
    return at_home is not None and fold(at_home.name) == fold(former.name)


def _former(heir: Entry, name: str, code: str, last_day: date, siren: str = "") -> Entry:
    """The entry by which a former name and its code lead to the body that goes on."""
    named = f"{name} ({code})" if code else name
    through = f"{named}, jusqu'au {last_day:%d/%m/%Y}"
    return Entry(heir.pk, name, siren, None, code or None, "", heir.departments, heir.ended, through)
