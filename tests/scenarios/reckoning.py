"""What a body pays a year, and what has fallen due, reckoned apart from the application.

Nothing of it is imported here: the prices of the act are known by heart, days are reckoned with `datetime` alone, and
what a fact learnt late changes is told from the decisions (0014, 0067, 0070, 0072, 0073, 0074) in other words.
Amounts are integer cents, on the basis that was voted, but where TTC is said. Days are inclusive.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

DAY = timedelta(days=1)
NEVER = date(9999, 12, 31)
BOXES, DOMAIN, PROCEDURES = "messagerie-5go", "nom-de-domaine", "demarches-simplifiees"
BANDS = ((2, 2_500), (5, 5_000), (10, 10_000), (20, 15_000))
CATEGORIES = (
    (999, 2_600, 2_500, 5_000),
    (2_000, 5_100, 5_000, 5_000),
    (5_000, 12_800, 10_000, 20_000),
    (10_000, 25_600, 10_000, 20_000),
    (20_000, 63_900, 20_000, 20_000),
    (30_000, 127_700, 40_000, 20_000),
    (50_000, 255_300, None, 20_000),
)
"""Up to so many inhabitants: what the operator asks a year, what the CDG does (None on request), what the operator asks
once."""
ISSUERS = ("lfn", "cdg62")
Sums = dict[str, int]


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


def month_later(day: date, months: int) -> date:
    """The same day so many months later, or the first of the next month where that one is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def nearest(numerator: int, denominator: int) -> int:
    """The nearest whole number, halves away from zero."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def support(boxes: int) -> int:
    """What the CDG asks a year for its support of so many mailboxes: that of the whole band."""
    if not boxes:
        return 0
    for last, price in BANDS:
        if boxes <= last:
            return price
    return 15_000 + 5_000 * -(-(boxes - 20) // 20)


class Act(NamedTuple):
    """What the tariffs of a life say beside their prices."""

    basis: str = "TTC"
    prorata: str = "none"
    gives_back: bool = False
    late_tariff: str = "keeps"
    late_figures: str = "keeps"


@dataclass
class Contract:
    """A convention: since when, and the last day that it can reach."""

    in_force: date
    last_day: date


@dataclass
class Body:
    """A commune: its figures (from when, learnt when, how many), and the one that it joined (when, learnt when)."""

    figures: list[tuple[date, date, int]]
    heir: "Body | None" = None
    joined: date = NEVER
    learnt: date = NEVER

    def owner(self, on: date) -> "Body":
        """Which body has, on a day, what this one had."""
        return self if self.heir is None or on < self.joined else self.heir.owner(on)


@dataclass(eq=False)
class Lot:
    """So many of a service from a day on, recorded on another; of an offer, under a convention."""

    service: str
    offer: str
    body: Body
    contract: Contract
    on: date
    quantity: int
    learnt: date
    asked: date
    """The day of its quotes: their tariff and figures are its first ones."""
    held: list["Lot"]
    """The lots of its service under its convention, itself among them: they have the same due dates."""
    ends: list[tuple[date, int]] = field(default_factory=list)
    """From that day on, so many fewer."""
    last: date = NEVER
    """The last day of its service, where an act ends it, or where another convention goes on with it."""

    @property
    def anchor(self) -> date:
        return min(one.on for one in self.held)

    def left(self, on: date) -> int:
        """How many run on a day."""
        if not self.on <= on <= min(self.last, self.contract.last_day):
            return 0
        return self.quantity - sum(less for day, less in self.ends if day <= on)


@dataclass
class Tariff:
    """What a mailbox costs a year (cents) from a day on, when that was adopted, and the day that it fixes for what
    runs, if any."""

    applies: date
    adopted: date
    mailbox: int
    imposed: date | None = None
    offer: str = "cdg62"


@dataclass
class Reckoning:
    """What runs and what is known of it, told fact by fact."""

    act: Act = field(default_factory=Act)
    lots: list[Lot] = field(default_factory=list)
    tariffs: list[Tariff] = field(default_factory=list)
    given: list[tuple[date, date, int]] = field(default_factory=list)
    """Since when, learnt when: what an agent of the CDG asks a year where the act has no price."""

    def cost(self, body: Body, on: date) -> Sums:
        """What each issuer asks a body a year on a day, TTC."""
        lfn = cdg = 0
        boxes: dict[str, int] = defaultdict(int)
        for lot in self._running(body, on):
            priced_on = max(last_anniversary(lot.anchor, on), lot.on)
            own = self._own(lot, priced_on, on)
            lfn += own["lfn"]
            cdg += own["cdg62"]
            if lot.service == BOXES:
                boxes[lot.offer] += lot.left(on)
        cdg += sum(map(support, boxes.values()))
        return {"lfn": lfn + nearest(lfn, 5) if self.act.basis == "HT" else lfn, "cdg62": cdg}

    def due(self, until: date) -> Sums:
        """All that has fallen due up to a day, past or to come, by what is known: for all bodies together."""
        found = dict.fromkeys(ISSUERS, 0)
        for issuer, cents in (*self._once(until), *self._recurring(until), *self._within(until)):
            found[issuer] += cents
        return found

    def _running(self, body: Body, on: date) -> list[Lot]:
        """What a body has on a day, in the order in which it came; of what a body has once, the first alone."""
        found, procedures = [], 0
        for lot in sorted(self.lots, key=lambda one: one.on):
            if lot.left(on) and lot.body.owner(on) is body:
                procedures += lot.service == PROCEDURES
                if lot.service != PROCEDURES or procedures == 1:
                    found.append(lot)
        return found

    def _own(self, lot: Lot, priced_on: date, on: date) -> Sums:
        """What a lot costs a year by itself, the support of mailboxes apart."""
        if lot.service == BOXES:
            return {"lfn": lot.left(on) * self._mailbox(lot, priced_on, on), "cdg62": 0}
        if lot.service == DOMAIN:
            return {"lfn": 1_500 * lot.left(on), "cdg62": 0}
        operator, centre = self._category(lot, priced_on)
        return {"lfn": operator, "cdg62": centre}

    def _ruling(self, lot: Lot, on: date, known: date) -> int:
        """The price of a mailbox for what is asked anew on a day, as it was known on another."""
        found = [one for one in self.tariffs if one.offer == lot.offer and one.applies <= on and one.adopted <= known]
        return max(found, key=lambda one: one.applies).mailbox if found else 2_000

    def _mailbox(self, lot: Lot, priced_on: date, on: date) -> int:
        price = self._ruling(lot, lot.asked, lot.asked)
        late = self.act.late_tariff == "difference"
        own = [one for one in self.tariffs if one.offer == lot.offer]
        if priced_on > lot.on:
            known = NEVER if late else max(priced_on, lot.learnt)
            ruling = [one for one in own if (one.imposed or one.applies) <= priced_on and one.adopted <= known]
            newer = max(ruling, key=lambda one: one.applies, default=None)
            if newer is not None and newer.applies > self._quoted(lot):
                price = newer.mailbox
        for one in sorted(own, key=lambda one: one.applies):
            since = self._imposed(one, late)
            if since is not None and priced_on < since <= on and one.applies > self._quoted(lot):
                price = one.mailbox
        return price

    def _quoted(self, lot: Lot) -> date:
        """The first day of the tariff of its quotes."""
        own = [one for one in self.tariffs if one.offer == lot.offer]
        return max(
            (one.applies for one in own if one.applies <= lot.asked and one.adopted <= lot.asked), default=date.min
        )

    @staticmethod
    def _imposed(one: Tariff, late: bool) -> date | None:
        """The day on which a tariff takes what runs, its year begun: that of the adoption where it is later."""
        if one.imposed is None or late:
            return one.imposed
        return max(one.imposed, one.adopted)

    def people(self, body: Body, on: date, known: date) -> int:
        """How many inhabitants count on a day, as they were known on another."""
        told = [one for one in body.figures if one[0] <= on and one[1] <= known]
        return max(told)[2]

    def _inhabitants(self, lot: Lot, priced_on: date) -> int:
        if priced_on <= lot.on:
            return self.people(lot.body.owner(lot.asked), lot.asked, lot.asked)
        late = self.act.late_figures == "difference"
        body = lot.body
        if body.heir is not None and priced_on >= body.joined and (late or priced_on >= body.learnt):
            body = body.heir
        return self.people(body, priced_on, NEVER if late else max(priced_on, lot.learnt))

    def is_priced(self, lot: Lot, priced_on: date) -> bool:
        """Whether the act has a price of the CDG for a lot, by the category of a day."""
        people = self._inhabitants(lot, priced_on)
        return next(row for row in CATEGORIES if people <= row[0])[2] is not None

    def _category(self, lot: Lot, priced_on: date) -> tuple[int, int]:
        people = self._inhabitants(lot, priced_on)
        _, operator, centre, _ = next(row for row in CATEGORIES if people <= row[0])
        if centre is not None:
            return operator, centre
        prices = [one for one in self.given if one[0] <= priced_on]
        in_time = [one for one in prices if one[1] <= priced_on]
        if in_time:
            return operator, max(in_time)[2]
        return operator, min(prices, key=lambda one: one[1])[2] if prices else 0

    def _once(self, until: date) -> Iterator[tuple[str, int]]:
        """What is asked once, the day that going live is recorded."""
        for lot in self.lots:
            if lot.learnt > until:
                continue
            if lot.service == BOXES:
                yield "cdg62", 1_000 * lot.quantity
            elif lot.service == PROCEDURES:
                people = self.people(lot.body.owner(lot.asked), lot.asked, lot.asked)
                yield "lfn", next(row for row in CATEGORIES if people <= row[0])[3]

    def _recurring(self, until: date) -> Iterator[tuple[str, int]]:
        """What each year begun asks, or its part where a lot comes within one."""
        for day in sorted({day for lot in self.lots for day in self._first_days(lot, until)}):
            for body in {id(one): one for lot in self.lots for one in [lot.body.owner(day)]}.values():
                before: dict[str, int] = defaultdict(int)
                asked: dict[tuple[str, str, str, int], int] = defaultdict(int)
                for lot in self._running(body, day):
                    begins = day in self._first_days(lot, day)
                    if lot.service == BOXES:
                        more = support(before[lot.offer] + lot.left(day)) - support(before[lot.offer])
                        before[lot.offer] += lot.left(day)
                        if begins:
                            asked["cdg62", "support", lot.offer, id(lot.held)] += more
                    if begins:
                        for issuer, cents in self._own(lot, day, day).items():
                            asked[issuer, lot.service, lot.offer, id(lot.held)] += cents
                for (issuer, *_, held), cents in asked.items():
                    anchor = next(lot.anchor for lot in self.lots if id(lot.held) == held)
                    yield issuer, self._since(cents, anchor, day)

    @staticmethod
    def _first_days(lot: Lot, until: date) -> list[date]:
        """The days up to one on which a year of a lot begins, or the lot itself."""
        years = range(1, until.year - lot.anchor.year + 1)
        due = [anniversary(lot.anchor, count) for count in years]
        return [day for day in (lot.on, *(day for day in due if day > lot.on)) if day <= until and lot.left(day)]

    def _within(self, until: date) -> Iterator[tuple[str, int]]:
        """What a reduction or an end gives back within a year, what a tariff makes due on the day that it fixes. The
        last day that a convention can reach is an end, whether somebody noted it or not.
        """
        if self.act.prorata == "none":
            return
        families = {id(lot.held): lot.held for lot in self.lots}.values()
        for held in families:
            anchor = held[0].anchor
            for day in sorted({day for lot in held for day in self._changing(lot) if day <= until}):
                if day <= anchor or last_anniversary(anchor, day) == day:
                    continue
                was, now = self._year(held, day - DAY), self._year(held, day)
                ends = any(lot.left(day) < lot.left(day - DAY) for lot in held)
                for named, cents in was.items():
                    change = now.get(named, 0) - cents
                    if ends and self.act.gives_back and change < 0:
                        yield named[0], change + self._up_to(-change, anchor, day - DAY)
                    elif not ends and named in now:
                        yield named[0], self._since(change, anchor, day)

    def _changing(self, lot: Lot) -> set[date]:
        """The days on which less of a lot runs, or on which an act takes it within its year."""
        late, own = self.act.late_tariff == "difference", (one for one in self.tariffs if one.offer == lot.offer)
        imposed = {day for one in own if (day := self._imposed(one, late)) is not None}
        ends = {day for day in (lot.last, lot.contract.last_day) if day < NEVER}
        return imposed | {day for day, _ in lot.ends} | {day + DAY for day in ends}

    def _year(self, held: list[Lot], on: date) -> dict[tuple[str, str], int]:
        """What the lots of a service under a convention cost a whole year on a day, after what had come before them."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        before = 0
        for lot in self._running(held[0].body.owner(on), on):
            if lot.service == BOXES and lot.offer == held[0].offer:
                if any(lot is one for one in held):
                    found["cdg62", "support"] += support(before + lot.left(on)) - support(before)
                before += lot.left(on)
            if any(lot is one for one in held):
                priced_on = max(last_anniversary(lot.anchor, on), lot.on)
                for issuer, cents in self._own(lot, priced_on, on).items():
                    found[issuer, lot.service] += cents
        return found

    def _up_to(self, cents: int, anchor: date, last: date) -> int:
        """What is due of a year's price for the days of that year up to one, a month begun being due."""
        starts, ends = _year_of(anchor, last)
        if self.act.prorata == "days":
            return nearest(cents * ((last - starts).days + 1), (ends - starts).days + 1)
        return nearest(cents * sum(month_later(starts, number) <= last for number in range(12)), 12)

    def _since(self, cents: int, anchor: date, first: date) -> int:
        """What is due of a year's price for the days of that year from one on, a month begun being due."""
        starts, ends = _year_of(anchor, first)
        if self.act.prorata == "none" or first == starts:
            return cents
        if self.act.prorata == "days":
            return nearest(cents * ((ends - first).days + 1), (ends - starts).days + 1)
        return nearest(cents * sum(month_later(starts, number) > first for number in range(1, 13)), 12)


def _year_of(anchor: date, on: date) -> tuple[date, date]:
    """The first and last days of the year, from due date to due date, that holds a day."""
    starts = last_anniversary(anchor, on)
    return starts, anniversary(anchor, starts.year - anchor.year + 1) - DAY


def euros(cents: int) -> Decimal:
    """Cents as stories write euros."""
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))


def in_euros(sums: Sums) -> dict[str, Decimal]:
    """What each issuer asks, as stories write it."""
    return {issuer: euros(cents) for issuer, cents in sums.items()}
