"""How a text says that it ends: its `[[ending]]` tables, read into rules that the computation obeys."""

from collections.abc import Callable, Iterable, Iterator

from tripartite.pricing.endings import Effect, EndingRule, Moment
from tripartite.pricing.tables import Table

FIELDS = ("ground", "notice", "days")
"""What a text may print of an ending: `{ending.fault.days}`."""


def read_endings(
    root: Table, roles: Iterable[str], key_of: Callable[[Table, list[str]], str]
) -> tuple[EndingRule, ...]:
    """The endings of a text, in its order; what is wrong goes into the findings."""
    signing = tuple(roles)
    found: list[EndingRule] = []
    for row in root.tables("ending", named="key"):
        rule = _ending(row, signing, key_of(row, [one.key for one in found]))
        row.close()
        if rule is not None:
            found.append(rule)
    return tuple(found)


def _ending(row: Table, signing: tuple[str, ...], key: str) -> EndingRule | None:
    by = _parties(row, signing)
    at = _chosen(row, "at", tuple(Moment))
    effect = _chosen(row, "effect", tuple(Effect))
    ground = row.text("ground")
    months = _measure(row, "notice_months", 24)
    days = _measure(row, "after_days", 365)
    refunds = row.flag("refunds")
    if at is None or effect is None:
        return None
    rule = EndingRule(key, ground, by, Moment(at), Effect(effect), months, days, refunds)
    for field, wrong in _contradictions(rule):
        row.wrong(field, wrong)
    return rule


def _parties(row: Table, signing: tuple[str, ...]) -> tuple[str, ...]:
    by = row.texts("by")
    if not by:
        row.wrong("by", "qui le peut ? Donner le rôle ou le code d'au moins une partie.")
    for role in by:
        if role not in signing:
            row.wrong("by", f"« {role} » ne signe pas ; au choix : {', '.join(signing)}.")
    return by


def _contradictions(rule: EndingRule) -> Iterator[tuple[str, str]]:
    formal = rule.at is Moment.FORMAL_NOTICE
    if formal and not rule.after_days:
        yield "after_days", "combien de jours après la mise en demeure ?"
    if not formal and rule.after_days is not None:
        yield "after_days", 'ce délai ne va qu\'avec at = "formal-notice".'
    if formal and rule.notice_months is not None:
        yield "notice_months", "une mise en demeure a un délai en jours, et pas de préavis."
    if rule.at is Moment.TERM and rule.notice_months is not None:
        yield "notice_months", "le préavis de l'opposition est celui de la durée : [term], notice_months."
    if rule.at is Moment.TERM and rule.effect is not Effect.CONVENTION:
        yield "effect", "s'opposer à la reconduction met fin à toute la convention."
    if rule.effect is Effect.OWN_PART and "beneficiary" in rule.by:
        yield "effect", "seul un émetteur a une part à retirer."


def _chosen(row: Table, key: str, known: tuple[str, ...]) -> str | None:
    word = row.text(key)
    if word and word not in known:
        row.wrong(key, f"valeur inconnue : « {word} » ; au choix : {', '.join(known)}.")
    return word if word in known else None


def _measure(row: Table, key: str, most: int) -> int | None:
    if not row.has(key):
        return None
    found = row.integer(key, least=0)
    if found is not None and found > most:
        row.wrong(key, "nombre hors de toute mesure.")
    return found
