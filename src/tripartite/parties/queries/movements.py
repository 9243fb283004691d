"""The movements of communes that the directory knows, and where a former commune is found now."""

from django.db.models import Q

from tripartite.parties.models import CommuneMovement, PublicBody
from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.history import Former, History, Movement
from tripartite.parties.states import Change

COLUMNS = ("change", "code", "name", "into", "into_name", "on")


def known_history() -> History:
    """All the movements known: one query."""
    rows = CommuneMovement.objects.order_by().values_list(*COLUMNS)
    return History.of(Movement(Change(change), *rest) for change, *rest in rows.iterator(chunk_size=5000))


def history_of(code: str) -> History:
    """The movements that bear on a code, and on those that it led to, step by step: a query a step."""
    found: set[Movement] = set()
    met, asked = {code}, {code}
    while asked:
        rows = CommuneMovement.objects.filter(code__in=asked).order_by().values_list(*COLUMNS)
        fresh = {Movement(Change(change), *rest) for change, *rest in rows}
        found |= fresh
        asked = {one.into for one in fresh if one.into} - met
        met |= asked
    back = CommuneMovement.objects.filter(into__in=met).order_by().values_list(*COLUMNS)
    return History.of(found | {Movement(Change(change), *rest) for change, *rest in back})


def former_of(code: str) -> Former | None:
    """What last bore an INSEE code, by the movements, with the code to see; None when a commune bears it still, or when
    no movement tells of it.
    """
    history = history_of(code)
    if history.lives(code):
        return None
    return next((one for one in history.formers() if one.code == code), None)


def formers_of_body(body: PublicBody) -> list[Former]:
    """The names and codes that lead to a commune and that nobody bears now, the latest first: those that it had, and
    those of the communes merged into it.
    """
    if not body.code_insee or body.ended_on is not None:
        return []
    history = _leading_to(body.code_insee)
    return [
        one
        for one in history.formers()
        if one.heir == body.code_insee and (one.code != body.code_insee or fold(one.name) != fold(body.name))
    ]


def _leading_to(code: str) -> History:
    """The movements by which others came to a code, step by step: a query a step."""
    found: set[Movement] = set()
    met, asked = {code}, {code}
    while asked:
        rows = CommuneMovement.objects.filter(Q(into__in=asked) | Q(code__in=asked)).order_by().values_list(*COLUMNS)
        found |= {Movement(Change(change), *rest) for change, *rest in rows}
        asked = {one.code for one in found} - met
        met |= asked
    return History.of(found)
