"""Telling a body what will change in the cost of what it has: once for each tariff, once for each figure.

A module of `DAILY` (jobs/daily.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import issuers
from tripartite.parties.queries.named_bodies import named_bodies
from tripartite.pricing.calendar import anniversary
from tripartite.pricing.estimate import Status
from tripartite.pricing.french import day_text
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.effects import figure_effect, tariff_effect
from tripartite.subscriptions.queries.former import paid_before
from tripartite.subscriptions.queries.notices import notices_about
from tripartite.subscriptions.queries.pending import (
    figures_name,
    figures_to_announce,
    tariff_name,
    tariffs_to_announce,
)
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.subscriptions.services.notices import note
from tripartite.subscriptions.services.telling import tell_body
from tripartite.tariffs.queries import grid_by_code

NOTHING = "Aucun prix ne change."


def units(on: date) -> Iterator[Unit]:
    """What there is to announce on a day: `tariff:7:cdg/2027-01-01`, `figures:7:31`."""
    for grid, (key, words) in tariffs_to_announce(on=on):
        yield Unit(f"tariff:{key}:{grid.code}", f"Nouveau tarif {grid.code}, à annoncer si un prix change : {words}")
    figures = figures_to_announce(on=on)
    bodies = named_bodies([key for key, _ in figures]) if figures else {}
    for key, figure in figures:
        words = f"Nouveaux chiffres, à annoncer si la catégorie change : {bodies[key].name}"
        yield Unit(f"figures:{key}:{figure}", words)


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":", 2):
        case ["tariff", body, grid]:
            return announce_tariff(grid=grid, body_id=int(body), on=on, actor=actor, at=at)
        case ["figures", body, figure]:
            return announce_figures(body_id=int(body), figure_id=int(figure), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def announce_tariff(*, grid: str, body_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to a body what a tariff changes for what it has, and from when. False when it was told already.

    Where no price changes nothing is written, and that is kept: it is not looked for again.
    """
    voted, reading = grid_by_code(grid), cost_reading([body_id])[body_id]
    effect = tariff_effect(reading, grid, on=on) if voted else None
    lines = _amounts(effect.without, effect.cost) if effect else []
    words = "" if voted is None or not lines else f"Tarif voté par {voted.act.citation}"
    text = f"{words} : {', '.join(lines)}" if lines else NOTHING
    if not note(name=tariff_name(grid, body_id), body_id=body_id, on=on, text=text, at=at):
        return False
    if voted is None or effect is None or not lines:
        return True
    since = _from(effect.days)
    paragraphs = [
        f"Un nouveau tarif a été voté : {voted.act.citation}, « {voted.title} ».",
        f"Il s'applique à ce que {reading.body.legal.named} a en service {since} {_rule(voted.running_from)}.",
        *lines,
        "Ce qui est payé d'avance pour plusieurs années ne change pas.",
        *replaced(f"tariff:{voted.code.partition('/')[0]}/", tariff_name(grid, body_id), body_id, effect.days[0]),
    ]
    tell_body(
        reading,
        subject=f"Nouveau tarif {since}",
        paragraphs=paragraphs,
        words=words,
        action="subscriptions.announce-tariff",
        actor=actor,
        at=at,
    )
    return True


@transaction.atomic
def announce_figures(*, body_id: int, figure_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to a body that its category changes, the effect, and from when. False when it was told already.

    Where no category changes nothing is written, and that is kept: it is not looked for again.
    """
    reading = cost_reading([body_id])[body_id]
    effect = figure_effect(reading, figure_id, on=on)
    found = effect.changes if effect else ()
    classed = [f"{one.name} : catégorie {one.before or 'sur devis'} → {one.after or 'sur devis'}" for one in found]
    lines = _amounts(effect.without, effect.cost) if effect else []
    text = " ; ".join([*classed, *lines]) or NOTHING
    if not note(name=figures_name(body_id, figure_id), body_id=body_id, on=on, text=text, at=at):
        return False
    if effect is None:
        return True
    since = _from(effect.days)
    paragraphs = [
        f"Les chiffres {reading.body.legal.of} ont changé, et avec eux sa catégorie dans le tarif.",
        *(f"{one}." for one in classed),
        f"Cela compte {since}, prochaine échéance.",
        *lines,
        *(f"Avant leur réunion, {one.text}." for one in paid_before([reading.body.pk], on=on)[reading.body.pk]),
        *replaced(f"figures:{body_id}:", figures_name(body_id, figure_id), body_id, effect.days[0]),
    ]
    words = f"Changement de catégorie ({', '.join(classed)})"
    tell_body(
        reading,
        subject=f"Changement de catégorie {since}",
        paragraphs=paragraphs,
        words=words,
        action="subscriptions.announce-figures",
        actor=actor,
        at=at,
    )
    return True


def _amounts(before: RunningCost, after: RunningCost) -> list[str]:
    """« Opérateur : 88,00 € par an TTC, au lieu de 80,00 € », for the issuers whose total changes; then what
    is left without a price, which its agents are asked for.
    """
    names = {issuer.code: issuer.short_name for issuer in issuers()}
    said = []
    for code in dict.fromkeys([*before.totals, *after.totals]):
        was, will = before.sum_of(code), after.sum_of(code)
        if was != will:
            said.append(f"{names.get(code, code)} : {will} par an TTC, au lieu de {was}")
    return said + [
        f"{line.service_name}, {line.charge_name.lower()} : sur devis, {names.get(line.issuer, line.issuer)} vous en"
        " écrira le prix."
        for line in after.lines
        if line.yearly_cents is None and line.priced.status is Status.ON_REQUEST
    ]


def replaced(family: str, own: str, body_id: int, day: date) -> list[str]:
    """That a letter replaces the one written before about the same due date, which had not come; nothing where none is.

    `family` is how the names of such notices begin, `own` that of the letter itself, `day` the first due date that it
    tells of.
    """
    told = [one for one in notices_about([], family) if one.body_id == body_id and one.name != own]
    same = [one for one in told if one.text != NOTHING and anniversary(day, -1) < one.on < day]
    if not same:
        return []
    return [f"Ce courrier remplace, pour cette échéance, celui du {day_text(same[-1].on)}."]


def _from(days: Iterable[date]) -> str:
    return f"à partir du {' puis du '.join(dict.fromkeys(day_text(day) for day in days))}"


def _rule(running_from: date | None) -> str:
    return "(jour que l'acte fixe)" if running_from else "(prochaine échéance)"
