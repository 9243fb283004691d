"""The establishment of a commune or of a group that a text names and that the directory does not have yet."""

import re
from typing import NamedTuple

from tripartite.parties.models import PublicBody
from tripartite.parties.queries.folding import fold, without_articles
from tripartite.parties.queries.search import search_directory
from tripartite.pricing.naming import INITIALS, complement
from tripartite.pricing.order import Kind


def _named(*words: str) -> re.Pattern[str]:
    """« ccas bethune » as « bethune ccas »: the body is in the group that matched."""
    kind = "|".join(words)
    return re.compile(rf"^(?:{kind})\b(.+)|^(.+)\b(?:{kind})$")


ASKED = (
    (_named("ccas"), Kind.CCAS, "CCAS", Kind.COMMUNE),
    (_named("cias"), Kind.CIAS, "CIAS", Kind.EPCI),
    (_named("caisse des ecoles", "cde"), Kind.CAISSE_DES_ECOLES, "Caisse des écoles", Kind.COMMUNE),
)
"""What people type, the kind they mean, how it is named, and the kind of body that it depends on."""


class Missing(NamedTuple):
    """« CCAS de X », which the directory lacks, and the body that it depends on, which it has."""

    kind: Kind
    name: str
    parent: PublicBody


def missing_body(text: str, *, include_declared: bool = False) -> Missing | None:
    """What a text names by its kind and by the body it depends on (« ccas bethune »), when the directory has this body
    and not the establishment; None otherwise. One that only a visitor declared counts where `include_declared`, as in
    `search_directory`: agents are shown it, and need not add it again.
    """
    asked = fold(text)
    for pattern, kind, label, over in ASKED:
        named = pattern.match(asked)
        if named is None:
            continue
        rest = without_articles((named[1] or named[2]).strip())
        parents = [one.body for one in search_directory(rest, limit=5) if one.body.kind == over.value]
        if not parents:
            return None
        parent = parents[0]
        grouped = parent.name.split(" ", 1)[0] in INITIALS
        name = f"{label} {f'de la {parent.name}' if grouped else complement(parent.name)}"
        known = PublicBody.objects.filter(parent=parent, kind=kind.value, ended_on=None).exists()
        same = search_directory(name, limit=5, include_declared=include_declared)
        namesake = any(one.body.kind == kind.value for one in same)
        return None if known or namesake else Missing(kind, name, parent)
    return None
