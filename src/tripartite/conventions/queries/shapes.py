"""How a convention ends, in the shapes that the command line and the API share."""

from collections.abc import Iterable
from typing import Any

from tripartite.conventions.models import Convention, Ending
from tripartite.pricing.endings import Effect, EndingRule, Foreseen


def ground_json(rule: EndingRule, own_months: int) -> dict[str, Any]:
    """A ground of the text: who may, when and what it stops; `notice_months` None where a formal notice counts."""
    return {
        "ground": rule.key,
        "words": rule.ground,
        "by": list(rule.by),
        "at": str(rule.at),
        "effect": str(rule.effect),
        "notice_months": None if rule.after_days else rule.months(own_months),
        "after_days": rule.after_days,
        "refunds": rule.refunds,
    }


def grounds_json(rules: Iterable[EndingRule], own_months: int) -> list[dict[str, Any]]:
    """The grounds that end a convention or the part of an issuer; a service ends from what runs."""
    return [ground_json(rule, own_months) for rule in rules if rule.effect is not Effect.SERVICE]


def foreseen_json(foreseen: Foreseen, *, recorded: bool) -> dict[str, Any]:
    """What an ending does, or would do."""
    return {
        "recorded": recorded,
        "ground": foreseen.rule.key,
        "effect": str(foreseen.rule.effect),
        "last_day": foreseen.last_day.isoformat(),
        "why": foreseen.why,
        "reasons": list(foreseen.reasons),
    }


def ending_json(ending: Ending) -> dict[str, Any]:
    """An ending on record, annulled or not."""
    return {
        "id": ending.pk,
        "ground": ending.ground,
        "words": ending.label,
        "effect": ending.effect,
        "party": ending.role,
        "received_on": ending.received_on.isoformat(),
        "formal_on": ending.formal_on.isoformat() if ending.formal_on else None,
        "last_day": ending.last_day.isoformat(),
        "why": ending.why,
        "reason": ending.reason,
        "annulled_because": ending.annulled_because or None,
    }


def endings_json(convention: Convention, rules: Iterable[EndingRule], endings: Iterable[Ending]) -> dict[str, Any]:
    """How a convention may end, and what was given to end it."""
    return {
        "convention": convention.number,
        "ends_on": convention.ends_on.isoformat() if convention.ends_on else None,
        "parties": [one.role for one in convention.signatories.all()],
        "grounds": grounds_json(rules, convention.notice_months),
        "endings": [ending_json(one) for one in endings],
    }
