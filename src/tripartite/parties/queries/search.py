"""Searching the directory as people type. The same answers on every database: names are compared in memory.

Each process keeps one index of the names and codes, about a kilobyte a body at most, read again when the directory's
token says that something changed. A search then costs three queries, whatever the directory's size.
"""

from threading import Lock

from django.db import connection
from django.db.models import Q

from tripartite.parties.models import DirectoryRevision, PublicBody
from tripartite.parties.queries.bodies import with_facts
from tripartite.parties.queries.folding import fold, fold_unfinished
from tripartite.parties.queries.name_index import Entry, NameIndex

MAX_LENGTH = 100
MOST_NAMED = 5_000
"""Keys that one query may hold."""

_kept: dict[str, tuple[str | None, NameIndex]] = {}
_building = Lock()


def search_bodies(
    text: str, *, limit: int = 10, department: str | None = None, include_ended: bool = False
) -> list[PublicBody]:
    """The bodies that `text` may mean, the likeliest first, with what their facts need.

    `text` is a name, its beginning or some of its words, in any spelling, small mistakes forgiven; a postal code, an
    INSEE code, a SIREN or a SIRET; or a name with a code. A full name comes first, then what begins so, then what
    contains it, then what nearly reads so. `department` keeps the bodies that extend over one département; former
    bodies are left out unless asked for.
    """
    found = _index().search(text[:MAX_LENGTH], limit=limit, department=department, include_ended=include_ended)
    bodies = with_facts().in_bulk(found)
    return [bodies[pk] for pk in found if pk in bodies]


def named(word: str, at: str) -> Q:
    """Rows whose body, under the field `at`, has this word in its name: accents, hyphens, short names told alike.

    The same rows on every database. A word that too many names hold is looked for as it is typed.
    """
    asked = {fold(word), fold_unfinished(word)} - {""}
    index = _index() if asked else None
    if index is not None:
        found = [
            one.pk for one, name in zip(index.entries, index.spelled, strict=True) if any(a in name for a in asked)
        ]
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
    columns = ("pk", "name", "siren", "siret", "code_insee", "postal_codes", "departments", "ended_on")
    rows = PublicBody.objects.order_by().values_list(*columns)
    return [
        Entry(pk, name, siren, siret, code_insee, postal_codes, departments, ended_on is not None)
        for pk, name, siren, siret, code_insee, postal_codes, departments, ended_on in rows.iterator(chunk_size=5000)
    ]
