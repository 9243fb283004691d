"""Random lives of a body, and what each of their days must cost, reckoned apart from the application.

A life is a story (README.md): a convention, goings-live in parts, reductions, ends, tariffs and populations learnt
late, a merger, a category without a price, a notice recorded late. What is expected comes from `Reckoning`, which knows
the prices of the act by heart and reckons days with `datetime` alone: nothing of the application is imported here.
`python -m tests.scenarios --lives 40` tells forty of them.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

DAY = timedelta(days=1)
NEVER = date(9999, 12, 31)
TERM_YEARS, RENEWALS = 3, 1
FORMER = {"62461": {"name": "Huby-Saint-Leu", "population": 860}}
BODIES = {"62461": 860, "62727": 1_478, "62119": 25_224}
"""The bodies lived, and how many they are in the shipped directory (the first, a former commune, in its story)."""
HEIR, HEIR_POPULATION = "62447", 4_480
BANDS = ((2, 25), (5, 50), (10, 100), (20, 150))
CATEGORIES = (
    (999, 26, 25),
    (2_000, 51, 50),
    (5_000, 128, 100),
    (10_000, 256, 100),
    (20_000, 639, 200),
    (30_000, 1_277, 400),
    (50_000, 2_553, None),
)
"""Up to so many inhabitants: what the operator asks a year, what the CDG does; None on request."""


def anniversary(day: date, years: int) -> date:
    """The same day of a later year; 1 March for 29 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_anniversary(anchor: date, on: date) -> date:
    """The last anniversary up to a day, the first day included."""
    years = on.year - anchor.year
    return anniversary(anchor, years if anniversary(anchor, years) <= on else years - 1)


@dataclass
class Lot:
    """So many of a service from a day on, recorded on another."""

    service: str
    anchor: date
    on: date
    quantity: int
    learnt: date
    population: int
    ends: list[tuple[date, int]] = field(default_factory=list)
    """From that day on, so many fewer."""

    def left(self, on: date) -> int:
        return self.quantity - sum(less for day, less in self.ends if day <= on) if self.on <= on else 0


@dataclass
class Tariff:
    """What a mailbox costs a year from a day on, when that was adopted, and from when it rules what runs at once."""

    applies: date
    adopted: date
    mailbox: int
    imposed: date | None = None


@dataclass
class Reckoning:
    """What runs and what is known of it, told fact by fact."""

    lots: list[Lot] = field(default_factory=list)
    tariffs: list[Tariff] = field(default_factory=list)
    figures: list[tuple[date, date, int]] = field(default_factory=list)
    """From when, learnt when, how many inhabitants."""
    merged_on: date = NEVER
    figures_after: list[tuple[date, date, int]] = field(default_factory=list)
    """From the merger on, those of the body that took everything over."""
    given: list[tuple[date, date, int]] = field(default_factory=list)
    """Since when, learnt when: what an agent of the CDG asks a year where the act has no price."""
    ended: list[tuple[str, date]] = field(default_factory=list)
    last_day: date = NEVER

    def cost(self, on: date) -> dict[str, Decimal]:
        """What each issuer asks a year, on a day."""
        if on > self.last_day:
            return {"lfn": euros(0), "cdg62": euros(0)}
        lfn = cdg = boxes = 0
        for lot in self.lots:
            if any(service == lot.service and on > last for service, last in self.ended):
                continue
            left = lot.left(on)
            if not left:
                continue
            priced_on = self._priced_on(lot, on)
            if lot.service == "messagerie-5go":
                boxes += left
                lfn += left * self._mailbox(lot, priced_on, on)
            elif lot.service == "nom-de-domaine":
                lfn += 15 * left
            else:
                operator, centre = self._category(lot, priced_on)
                lfn += operator
                cdg += centre
        return {"lfn": euros(lfn), "cdg62": euros(cdg + support(boxes))}

    def _priced_on(self, lot: Lot, on: date) -> date:
        """The day whose tariff and figures a lot has: its own, then each anniversary after it."""
        return max(last_anniversary(lot.anchor, on), lot.on)

    def _mailbox(self, lot: Lot, priced_on: date, on: date) -> int:
        price = 20
        if priced_on > lot.on:
            known = max(priced_on, lot.learnt)
            ruling = [one for one in self.tariffs if one.applies <= priced_on and one.adopted <= known]
            price = max(ruling, key=lambda one: one.applies).mailbox if ruling else price
        for one in self.tariffs:
            since = None if one.imposed is None else max(one.imposed, one.adopted)
            if since is not None and priced_on < since <= on:
                price = one.mailbox
        return price

    def _category(self, lot: Lot, priced_on: date) -> tuple[int, int]:
        people = lot.population
        if priced_on > lot.on:
            known = max(priced_on, lot.learnt)
            told = self.figures if priced_on < self.merged_on else self.figures_after
            figures = [one for one in told if one[0] <= priced_on and one[1] <= known]
            people = max(figures)[2] if figures else people
        _, operator, centre = next(row for row in CATEGORIES if people <= row[0])
        if centre is not None:
            return operator, centre
        prices = [one for one in self.given if one[0] <= priced_on]
        in_time = [one for one in prices if one[1] <= priced_on]
        if in_time:
            return operator, max(in_time)[2]
        return operator, min(prices, key=lambda one: one[1])[2] if prices else 0


def euros(whole: int) -> Decimal:
    """Whole euros as stories write them."""
    return Decimal(f"{whole}.00")


def support(boxes: int) -> int:
    """What the CDG asks a year for its support of so many mailboxes: that of the whole band."""
    if not boxes:
        return 0
    for last, price in BANDS:
        if boxes <= last:
            return price
    return 150 + 50 * -(-(boxes - 20) // 20)


class Life:
    """A life drawn from a seed, written step by step as a story, and reckoned as it goes."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a life is drawn, not a secret
        self.body = self.draw.choice(sorted(BODIES))
        self.steps: list[dict[str, Any]] = []
        self.known = Reckoning(figures=[(date.min, date.min, BODIES[self.body])])
        self.on = date(2026, 2, 1) + self.draw.randrange(90) * DAY
        self.first_day = self.on
        self.title = f"Vie tirée au sort n° {seed} : {self.body}"

    def told(self) -> dict[str, Any]:
        """The story, as its file would tell it."""
        self._sign()
        self._go_live()
        for day, event in sorted(self._events(), key=lambda pair: pair[0]):
            if day > self.on:
                self.on = day
                self._say("advance")
                event()
                self._look()
        self.on = max(self.on, self.first_day + 2_300 * DAY)
        self._say("advance")
        self._look()
        story = {"title": self.title, "about": "", "body": self.body, "step": self.steps}
        return story | ({"setting": {"former": FORMER}} if self.body in FORMER else {})

    def _say(self, verb: str, **said: Any) -> None:
        self.steps.append({"on": self.on, "do": verb, **said})

    def _look(self) -> None:
        """Four days of this life, past, present and to come, and what each costs."""
        reach = (self.first_day + 2_300 * DAY - self.first_live).days
        for day in {self.on, *(self.first_live + self.draw.randrange(reach) * DAY for _ in range(3))}:
            of = {"of": self.body} if self.known.merged_on <= self.on and day < self.known.merged_on else {}
            self._say("cost", day=day, **of, expect={"cost": self.known.cost(day)})

    def _sign(self) -> None:
        self.boxes = self.draw.randrange(2, 30)
        self._say(
            "record-act", party="beneficiary", number="V-1", adopted_on=self.on - 9 * DAY, enforceable_on=self.on - DAY
        )
        lines = {"messagerie-5go": self.boxes, "nom-de-domaine": 2, "demarches-simplifiees": 1}
        contact = {"name": "Prénom NOM", "email": "mairie@exemple.fr"}
        self._say("ask", lines=lines, contact=contact, issue=True)
        for verb, said in (("accept", {"way": "online"}), ("prepare", {}), ("send", {})):
            self._say(verb, **said)
        self.on += 5 * DAY
        self._say("sign", party=["beneficiary", "lfn", "cdg62"], way="paper")
        self._say("set-going")
        self.in_force = self.on
        self.term = anniversary(self.in_force, TERM_YEARS) - DAY
        self.known.last_day = anniversary(self.in_force, TERM_YEARS * (1 + RENEWALS)) - DAY

    def _go_live(self) -> None:
        """Mailboxes in two parts; each recorded some days after it went live."""
        self.on += self.draw.randrange(6, 25) * DAY
        part = self.draw.randrange(1, self.boxes)
        self.first_live = self.on - 5 * DAY
        for service, quantity in (("messagerie-5go", part), ("nom-de-domaine", 2), ("demarches-simplifiees", 1)):
            self._live(service, quantity, self.on - self.draw.randrange(5) * DAY)
        self._look()
        self.on += self.draw.randrange(10, 60) * DAY
        self._live("messagerie-5go", self.boxes - part, self.on - self.draw.randrange(5) * DAY)
        self._look()

    def _live(self, service: str, quantity: int, day: date) -> None:
        said = {} if service == "nom-de-domaine" else {"quantity": quantity}
        if not any(step["do"] == "settle" and step["service"] == service for step in self.steps):
            self._say("settle", service=service)
        self._say("go-live", service=service, live_on=day, **said)
        anchor = next((lot.anchor for lot in self.known.lots if lot.service == service), day)
        self.known.lots.append(Lot(service, anchor, day, quantity, self.on, BODIES[self.body]))

    def _events(self) -> Iterator[tuple[date, Any]]:
        begins, years = self.on + 30 * DAY, 365 * 5
        for _ in range(self.draw.randrange(1, 4)):
            yield begins + self.draw.randrange(years) * DAY, self._reduce
        for _ in range(self.draw.randrange(1, 4)):
            yield begins + self.draw.randrange(years) * DAY, self._declare
        for year in sorted(self.draw.sample(range(2027, 2032), self.draw.randrange(1, 4))):
            yield date(year, 1, 1) + self.draw.randrange(-60, 90) * DAY, lambda year=year: self._adopt(year)
        yield begins + self.draw.randrange(years) * DAY, self._end_domain
        if self.body in FORMER:
            yield date(2027, 1, 1) + self.draw.randrange(700) * DAY, self._merge
        if self.draw.random() < 0.5:
            self.received = self.term - self.draw.randrange(100, 140) * DAY
            yield self.received + self.draw.randrange(150) * DAY, self._denounce
        for years_on in range(1, 6):
            yield anniversary(self.known.lots[2].anchor, years_on) + 10 * DAY, self._price

    def _runs(self) -> bool:
        return self.on <= self.known.last_day

    def _reduce(self) -> None:
        lots = [lot for lot in self.known.lots if lot.service == "messagerie-5go"]
        held = sum(lot.left(self.on) for lot in lots)
        if held < 2 or not self._runs():
            return
        less = self.draw.randrange(1, held)
        self._say("reduce", service="messagerie-5go", by=less, reason="Courrier de la mairie")
        for lot in reversed(lots):
            taken = min(less, lot.left(self.on))
            if taken:
                lot.ends.append((self.on, taken))
            less -= taken

    def _declare(self) -> None:
        people = self.draw.choice((500, 1_500, 2_600, 7_000, 15_000, 25_000, 35_000)) + self.draw.randrange(400)
        self._say("declare", measure="population", counted="municipale", value=people, declared_by="Direction générale")
        after = self.on >= self.known.merged_on
        (self.known.figures_after if after else self.known.figures).append((self.on, self.on, people))

    def _adopt(self, year: int) -> None:
        """A tariff that applies from 1 January, adopted before or after; a third of them rule what runs at once."""
        mailbox, applies = self.draw.randrange(21, 40), date(year, 1, 1)
        imposed = applies if self.draw.random() < 0.34 else None
        changes = {"lfn = { per_unit = 20 }": f"lfn = {{ per_unit = {mailbox} }}"}
        if self.known.tariffs:
            last = self.known.tariffs[-1].applies
            changes['supersedes = "cdg62/2024-03-26"'] = f'supersedes = "cdg62/{last}"'
        self._say(
            "adopt-grid",
            code=f"cdg62/{applies}",
            applies_from=applies,
            changes=changes,
            **({"running_from": imposed} if imposed else {}),
        )
        self.known.tariffs.append(Tariff(applies, self.on, mailbox, imposed))

    def _end_domain(self) -> None:
        last = self.on + self.draw.randrange(40) * DAY
        if self._runs() and last <= self.known.last_day:
            self._say("end-service", service="nom-de-domaine", last_day=last, reason="La commune a le sien")
            self.known.ended.append(("nom-de-domaine", last))

    def _merge(self) -> None:
        if not self._runs():
            return
        self._say("merge", into=HEIR)
        self.known.merged_on = self.on
        self.known.figures_after = [(date.min, date.min, HEIR_POPULATION)]
        self.on += DAY
        self._say("advance")

    def _denounce(self) -> None:
        """Received in time for the first term, recorded up to five months later, the renewal done or not."""
        if self._runs():
            self._say("denounce", party="beneficiary", received_on=self.received, reason="Autre solution")
            self.known.last_day = self.term

    def _price(self) -> None:
        """An agent of the CDG gives a price where the act leaves it on request."""
        lot = self.known.lots[2]
        since = last_anniversary(lot.anchor, self.on)
        told = self.known.figures if since < self.known.merged_on else self.known.figures_after
        people = max(one for one in told if one[0] <= since and one[1] <= max(since, lot.learnt))[2]
        if people <= CATEGORIES[5][0] or not self._runs() or self.known.given:
            return
        amount = self.draw.randrange(500, 900)
        self._say(
            "price-running",
            service="demarches-simplifiees",
            issuer="cdg62",
            amount=euros(amount),
            reason="Étude faite",
        )
        self.known.given.append((since, self.on, amount))
