"""Random lives of a body, and what each of their days must cost and have made due, reckoned apart from the application.

A life is a story (README.md), drawn from a seed: tariffs voted TTC or HT, with or without a part of a year, whose acts
ask a difference or not; goings-live in parts, put right since; reductions, ends, tariffs and populations learnt late; a
second offer; a merger, learnt late or not, with a commune that has the same services; a commune that lives again; a
category without a price; a notice recorded late; a convention renewed. What is expected comes from `Reckoning`.
`python -m tests.scenarios --lives 40` tells forty of them.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.scenarios.reckoning import (
    BOXES,
    CATEGORIES,
    DAY,
    DOMAIN,
    ISSUERS,
    NEVER,
    PROCEDURES,
    Act,
    Body,
    Contract,
    Lot,
    Reckoning,
    Sums,
    Tariff,
    anniversary,
    euros,
    in_euros,
    last_anniversary,
)

FORMER, HEIR = "62461", "62447"
HEIR_ROW = {"name": "Hesdin-la-Forêt", "population": 4_480}
FORMER_ROWS = {FORMER: {"name": "Huby-Saint-Leu", "population": 860}}
BODIES = {FORMER: 860, "62727": 1_478, "62119": 25_224}
"""The bodies lived, and how many they are in the shipped directory (the first, a former commune, in its story)."""
POPULATIONS = (500, 1_500, 2_600, 7_000, 15_000, 25_000, 35_000)
CONTACT = {"name": "Prénom NOM", "email": "mairie@exemple.fr"}
LENGTH = timedelta(days=2_300)
RESTORED = 900
"""How many the directory that restores the former commune says it had in 2025: that counts from 2028, learnt then."""
LEAST_BILLED = 1_500
"""Less than that (cents) is not worth a title: it waits (decision 0101)."""
USUAL, OTHER_OFFER = "cdg62", "cdg62-conseil"


class Life:
    """A life drawn from a seed, written step by step as a story, and reckoned as it goes."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a life is drawn, not a secret
        self.code = self.draw.choice(sorted(BODIES))
        self.steps: list[dict[str, Any]] = []
        self.on = date(2026, 2, 1) + self.draw.randrange(90) * DAY
        self.first_day = self.on
        self.own = self.body = Body([(date.min, date.min, BODIES[self.code])])
        self.heir = Body([(date.min, date.min, HEIR_ROW["population"])])
        self.known = Reckoning(self._act())
        self.contracts: dict[str, Contract] = {}
        self.billed = None if self.code == FORMER or self.known.act.basis == "HT" else dict.fromkeys(ISSUERS, 0)
        self.title = f"Vie tirée au sort n° {seed} : {self.code}"

    def told(self) -> dict[str, Any]:
        """The story, as its file would tell it."""
        self._vote()
        for issuer in ISSUERS if self.billed is not None else ():
            self._say("set-billing", issuer=issuer)
        merges = self.code == FORMER and self.draw.random() < 0.8
        if both := merges and self.draw.random() < 0.5:
            self._live_beside()
        self._begin()
        for day, event in sorted(self._events(merges=merges, both=both), key=lambda pair: pair[0]):
            if day > self.on:
                self.on = day
                self._say("advance")
                event()
                self._look()
        self.on = max(self.on, self.first_day + LENGTH)
        self._say("advance")
        self._look()
        story = {"title": self.title, "about": "", "body": self.code, "step": self.steps}
        former = FORMER_ROWS | ({HEIR: HEIR_ROW} if both else {})
        return story | ({"setting": {"former": former}} if self.code == FORMER else {})

    def _act(self) -> Act:
        """What the tariffs of this life say: most of them what the voted one does."""
        prorata = self.draw.choice(("none", "none", "months", "days"))
        return Act(
            basis=self.draw.choice(("TTC", "TTC", "HT")),
            prorata=prorata,
            gives_back=prorata != "none" and self.draw.random() < 0.6,
            late_tariff=self.draw.choice(("keeps", "keeps", "difference")),
            late_figures=self.draw.choice(("keeps", "keeps", "difference")),
        )

    # ── What is said, and looked at ──────────────────────────────────────────────────────────────────────────────

    def _say(self, verb: str, **said: Any) -> None:
        self.steps.append({"on": self.on, "do": verb, **said})

    def _look(self) -> None:
        """Three days of this life, past, present and to come, and what each costs; all that has fallen due by now, and
        by a day to come."""
        reach = (self.first_day + LENGTH - self.first_live).days
        for day in {self.on, *(self.first_live + self.draw.randrange(reach) * DAY for _ in range(2))}:
            body, of = self.body, {}
            if self.body is self.heir and day < self.own.joined:
                body, of = self.own, {"of": self.code}
            self._say("cost", day=day, **of, expect={"cost": in_euros(self.known.cost(body, day))})
        for until in (self.on, self.on + self.draw.randrange(1, 900) * DAY):
            due = in_euros(self.known.due(until))
            self._say("due", since=self.first_day, until=until, former=True, expect={"due": due})
        if self.billed is not None:
            self._bill(self.billed)

    def _bill(self, billed: Sums) -> None:
        """Bill what is due by now: all of it is then asked, credits included, but for less than is worth a title. What
        is to be given back, and no invoice bears any more, waits for the next one.
        """
        due = self.known.due(self.on)
        for issuer, cents in due.items():
            if 0 < cents - billed[issuer] < LEAST_BILLED:
                continue
            owed = {"owed": {issuer: euros(cents)}} if cents > billed[issuer] else {}
            billed[issuer] = cents
            self._say("bill", issuer=issuer, expect=owed)

    # ── Tariffs ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _changes(self, mailbox: str, before: str) -> dict[str, str]:
        """What a tariff of this life changes in the text of the voted one."""
        act, found = self.known.act, {}
        rules = [f'late_tariff = "{act.late_tariff}"', f'late_figures = "{act.late_figures}"']
        rules += ["gives_back = true"] if act.gives_back else []
        found["[act]"] = "[due]\n" + "\n".join(rules) + "\n\n[act]"
        if act.basis == "HT":
            found['basis = "TTC"'] = 'basis = "HT"'
        if act.prorata != "none":
            found['prorata = "none"'] = f'prorata = "{act.prorata}"'
        if mailbox:
            found["lfn = { per_unit = 20 }"] = f"lfn = {{ per_unit = {mailbox} }}"
        if before:
            found['supersedes = "cdg62/2024-03-26"'] = f'supersedes = "{before}"'
        return found

    def _vote(self) -> None:
        """The tariff with which this life begins, where it is not the voted one."""
        self.last_code = ""
        if self.known.act != Act():
            self.last_code = "cdg62/2026-01-15"
            self._say("adopt-grid", code=self.last_code, applies_from=date(2026, 1, 15), changes=self._changes("", ""))
            self.known.tariffs.append(Tariff(date(2026, 1, 15), self.on, 2_000))

    def _adopt(self, year: int) -> None:
        """A tariff that applies from 1 January, adopted before or after; a third of them rule what runs on a day."""
        mailbox, applies = self.draw.randrange(2_100, 4_000), date(year, 1, 1)
        imposed = applies + self.draw.choice((0, 0, 90, 181)) * DAY if self.draw.random() < 0.34 else None
        code, days = f"{USUAL}/{applies}", {"running_from": imposed} if imposed else {}
        changes = self._changes(f"{mailbox // 100}.{mailbox % 100:02}", self.last_code)
        self._say("adopt-grid", code=code, applies_from=applies, changes=changes, **days)
        self.last_code = code
        self.known.tariffs.append(Tariff(applies, self.on, mailbox, imposed))

    # ── Conventions, and what goes live ──────────────────────────────────────────────────────────────────────────

    def _sign(self, file: str, lines: dict[str, int], offer: str = USUAL) -> None:
        """A convention, from the request to the signatures; its term is drawn."""
        self._say(
            "record-act",
            party="beneficiary",
            number=f"V-{file}",
            adopted_on=self.on - 9 * DAY,
            enforceable_on=self.on - DAY,
        )
        self.asked = self.on
        self._say("ask", file=file, offer=offer, lines=lines, contact=CONTACT, issue=True)
        years, renewals = self.draw.choice(((3, 1), (3, 1), (2, 0), (1, 2), (4, 0)))
        self._say("accept", way="online")
        self._say("prepare")
        self._say("term", years=years, tacit_renewals=renewals, notice_months=3)
        self._say("send")
        self.on += 5 * DAY
        self._say("sign", party=["beneficiary", "lfn", "cdg62"], way="paper")
        self._say("set-going")
        self.first_term = anniversary(self.on, years) - DAY
        self.contracts[file] = Contract(self.on, anniversary(self.on, years * (1 + renewals)) - DAY)
        self.renewals = renewals

    def _live(self, file: str, service: str, quantity: int, day: date, offer: str = USUAL) -> None:
        said = {} if service == DOMAIN else {"quantity": quantity}
        contract = self.contracts[file]
        held = next((lot.held for lot in self.known.lots if lot.contract is contract and lot.service == service), [])
        if not held:
            self._say("settle", file=file, service=service)
        self._say("go-live", file=file, service=service, live_on=day, **said)
        held.append(Lot(service, offer, self.body, contract, day, quantity, self.on, self.asked, held))
        self.known.lots.append(held[-1])

    def _begin(self) -> None:
        """The first convention: mailboxes in two parts, each recorded some days after it went live."""
        boxes = self.draw.randrange(2, 30)
        self._sign("première", {BOXES: boxes, DOMAIN: 2, PROCEDURES: 1})
        self.term, self.may_denounce = self.first_term, self.renewals > 0
        self.on += self.draw.randrange(6, 25) * DAY
        part = self.draw.randrange(1, boxes)
        self.first_live = self.on - 5 * DAY
        for service, quantity in ((BOXES, part), (DOMAIN, 2), (PROCEDURES, 1)):
            self._live("première", service, quantity, self.on - self.draw.randrange(5) * DAY)
        self._look()
        self.on += self.draw.randrange(10, 60) * DAY
        self._live("première", BOXES, boxes - part, self.on - self.draw.randrange(5) * DAY)
        self._look()

    def _live_beside(self) -> None:
        """The commune that this one is to join has a convention of its own, with the same services."""
        self._say("turn-to", body=HEIR)
        self.body = self.heir
        boxes = self.draw.randrange(1, 9)
        self._sign("voisine", {BOXES: boxes, PROCEDURES: 1})
        self.on += 2 * DAY
        for service, quantity in ((BOXES, boxes), (PROCEDURES, 1)):
            self._live("voisine", service, quantity, self.on - self.draw.randrange(2) * DAY)
        self._say("turn-to", body=FORMER)
        self.body = self.own
        self.on += DAY

    # ── What happens then ────────────────────────────────────────────────────────────────────────────────────────

    def _events(self, *, merges: bool, both: bool) -> Iterator[tuple[date, Any]]:
        begins, years = self.on + 30 * DAY, 365 * 5
        for event, most in ((self._reduce, 4), (self._declare, 4), (self._publish, 3), (self._put_right, 3)):
            for _ in range(self.draw.randrange(1, most)):
                yield begins + self.draw.randrange(years) * DAY, event
        yield begins + self.draw.randrange(60) * DAY, self._put_right
        for year in sorted(self.draw.sample(range(2027, 2032), self.draw.randrange(1, 4))):
            yield date(year, 1, 1) + self.draw.randrange(-60, 90) * DAY, lambda year=year: self._adopt(year)
        yield begins + self.draw.randrange(years) * DAY, self._end_domain
        if merges:
            yield date(2027, 1, 1) + self.draw.randrange(700) * DAY, self._merge
            yield date(2029, 2, 1) + self.draw.randrange(300) * DAY, self._restore
        if self.draw.random() < 0.3:
            yield begins + self.draw.randrange(700) * DAY, self._take_other_offer
        ends = self.contracts["première"].last_day
        if self.may_denounce and self.draw.random() < 0.5:
            self.received = self.term - self.draw.randrange(100, 140) * DAY
            recorded, ends = self.received + self.draw.randrange(150) * DAY, self.term
            yield recorded, self._denounce
            if not both and self.draw.random() < 0.6:
                yield max(recorded, ends) + self.draw.randrange(3, 90) * DAY, self._renew
        elif not both and self.draw.random() < 0.7:
            yield ends - self.draw.randrange(20, 100) * DAY, self._renew
        for years_on in range(1, 6):
            yield anniversary(self.known.lots[-1].anchor, years_on) + 40 * DAY, self._price

    def _held(self, service: str) -> list[Lot]:
        """The lots of a service that run under the usual offer, in the order in which they came."""
        found = [lot for lot in self.known.lots if lot.service == service and lot.offer == USUAL and lot.left(self.on)]
        return sorted((lot for lot in found if lot.body is self.own), key=lambda one: one.on)

    def _file_of(self, lot: Lot) -> str:
        return next(file for file, contract in self.contracts.items() if contract is lot.contract)

    def _reduce(self) -> None:
        lots = self._held(BOXES)
        held = sum(lot.left(self.on) for lot in lots)
        if held < 2 or any(lot.held is not lots[0].held for lot in lots):
            return
        less = self.draw.randrange(1, held)
        self._say("reduce", file=self._file_of(lots[0]), service=BOXES, by=less, reason="Courrier de la mairie")
        for lot in reversed(lots):
            taken = min(less, lot.left(self.on))
            if taken:
                lot.ends.append((self.on, taken))
            less -= taken

    def _put_right(self) -> None:
        """A going-live was mistyped: its day, or how many mailboxes."""
        lots = [lot for lot in self._held(BOXES) if not any(other.ends for other in lot.held)]
        if self.body is self.heir or not lots:
            return
        place = self.draw.randrange(len(lots))
        lot, same = lots[place], sorted(lots[place].held, key=lambda one: one.on)
        rank = same.index(lot)
        first = max(lot.contract.in_force, same[rank - 1].on + DAY if rank else date.min)
        last = min(self.on, same[rank + 1].on - DAY if rank + 1 < len(same) else NEVER)
        day = min(max(lot.on + self.draw.randrange(-12, 13) * DAY, first), last)
        quantity = (
            self.draw.randrange(1, lot.quantity + 1) if lot.contract is self.contracts["première"] else lot.quantity
        )
        if (day, quantity) == (lot.on, lot.quantity):
            return
        self._say(
            "put-right",
            file=self._file_of(lot),
            service=BOXES,
            was=lot.on,
            day=day,
            quantity=quantity,
            reason="Mal noté",
        )
        for other in self.known.lots:
            if (
                other.last == lot.on - DAY and other.service == lot.service
            ):  # what this one goes on with ends on its eve
                other.last = day - DAY
        lot.on, lot.quantity = day, quantity

    def _declare(self) -> None:
        people = self._some_people()
        self._say("declare", measure="population", counted="municipale", value=people, declared_by="Direction générale")
        self.body.figures.append((self.on, self.on, people))

    def _publish(self) -> None:
        """The population that counts from 1 January, imported some time after it."""
        self.on = max(self.on, date(self.on.year, 1, 5))
        people, year = self._some_people(), self.on.year
        self._say("publish", year=year - 3, value=people)
        self.body.figures.append((date(year, 1, 1), self.on, people))

    def _some_people(self) -> int:
        """None that leaves a price on request, where a figure learnt late asks the difference: what was asked stays."""
        few = self.known.act.late_figures == "difference"
        return self.draw.choice(POPULATIONS[:-1] if few else POPULATIONS) + self.draw.randrange(400)

    def _end_domain(self) -> None:
        last = self.on + self.draw.randrange(40) * DAY
        for lot in self._held(DOMAIN):
            if last <= lot.contract.last_day:
                self._say(
                    "end-service",
                    file=self._file_of(lot),
                    service=DOMAIN,
                    last_day=last,
                    reason="La commune a le sien",
                )
                lot.last = last

    def _merge(self) -> None:
        """The commune joins another, from that day, or from one before that is learnt now."""
        if not any(lot.left(self.on) for lot in self.known.lots if lot.body is self.own):
            return
        since = self.on - self.draw.choice((0, 0, 20, 60)) * DAY
        self._say("merge", into=HEIR, since=since)
        self.own.heir, self.own.joined, self.own.learnt = self.heir, since, self.on
        if any(lot.left(since) for lot in self.known.lots if lot.body is self.heir and lot.service == PROCEDURES):
            for lot in self._held(PROCEDURES):
                lot.last = since - DAY
        self.body = self.heir
        self.on += DAY
        self._say("advance")

    def _restore(self) -> None:
        """The former commune lives again: nothing runs for it, and what runs stays where it is."""
        if self.body is self.heir:
            self._say("restore", body=FORMER)
            self.own.figures.append((date(2028, 1, 1), self.on, RESTORED))

    def _take_other_offer(self) -> None:
        """A second offer of the same body, adopted beside the first, and a convention under it."""
        if not self._held(BOXES):
            return
        mailbox = self.draw.randrange(2_500, 3_500)
        changes = self._changes(f"{mailbox // 100}.{mailbox % 100:02}", "")
        self._say("adopt-grid", code=f"{OTHER_OFFER}/{self.on}", applies_from=self.on, changes=changes)
        self.known.tariffs.append(Tariff(self.on, self.on, mailbox, None, OTHER_OFFER))
        boxes = self.draw.randrange(1, 12)
        self._sign("autre offre", {BOXES: boxes}, OTHER_OFFER)
        self.on += 4 * DAY
        self._live("autre offre", BOXES, boxes, self.on - DAY, OTHER_OFFER)

    def _denounce(self) -> None:
        """Received in time for the first term, recorded up to five months later, the renewal done or not."""
        contract = self.contracts["première"]
        if self.on <= contract.last_day:
            self._say(
                "denounce", file="première", party="beneficiary", received_on=self.received, reason="Autre solution"
            )
            contract.last_day = self.term

    def _renew(self) -> None:
        """A second convention takes again what runs, or what ran until the first one ended, with more mailboxes."""
        old = [lot for lot in self.known.lots if lot.body is self.own and lot.contract is self.contracts["première"]]
        eve = min(self.on, self.contracts["première"].last_day)
        held = {service: sum(lot.left(eve) for lot in old if lot.service == service) for service in (BOXES, DOMAIN)}
        lines = {BOXES: held[BOXES] + self.draw.randrange(3)}
        if self.known.people(self.body, self.on, self.on) <= CATEGORIES[5][0]:
            lines[PROCEDURES] = 1
        lines |= {DOMAIN: held[DOMAIN]} if held[DOMAIN] and not any(lot.last < NEVER for lot in old) else {}
        self._sign("suite", lines)
        self.on += 10 * DAY
        for service, quantity in lines.items():
            day = self.on - self.draw.randrange(4) * DAY
            self._live("suite", service, quantity, day)
            for lot in old:
                if lot.service == service:
                    lot.last = min(lot.last, day - DAY)

    def _price(self) -> None:
        """An agent of the CDG gives a price where the act leaves it on request."""
        lots = self._held(PROCEDURES)
        if not lots or self.known.given:
            return
        lot = lots[0]
        since = last_anniversary(lot.anchor, self.on)
        if since <= lot.on or self.known.is_priced(lot, since):
            return
        amount = self.draw.randrange(500, 900)
        self._say("price-running", service=PROCEDURES, issuer="cdg62", amount=euros(amount * 100), reason="Étude faite")
        self.known.given.append((since, self.on, amount * 100))
