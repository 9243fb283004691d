"""What the lines of an estimate come to, issuer by issuer: sums of what was voted, VAT added once where that is HT."""

from collections.abc import Iterable, Mapping, Sequence

from tripartite.pricing.estimate import RECURRING, Columns, Frequency, Line, Status, Totals
from tripartite.pricing.lacking import NOTHING_LACKS, Lacks
from tripartite.pricing.vat import Split, add, add_vat

PRICED, ON_REQUEST, MISSING = Status.PRICED, Status.ON_REQUEST, Status.MISSING
YEARLY, MONTHLY, TERM = Frequency.YEARLY, Frequency.MONTHLY, Frequency.TERM
ONCE = frozenset({Frequency.ONCE, Frequency.PER_ACT})


def total_lines(issuers: Iterable[str], lines: Sequence[Line]) -> dict[str, Totals]:
    """The totals of each issuer (integer cents): what is priced counts, what is on request, or waits for a figure, is
    said left out.

    Columns are sums of lines on the basis that was voted, the same for all the lines of an estimate. Where that is HT,
    the VAT of the first year is computed once on its total, and shared over its lines (`vat.add_vat`).
    """
    sums = {code: [0, 0, 0, 0, False] for code in issuers}
    missing: dict[str, dict[str, None]] = {}
    for line in lines:
        status = line.status
        if status is PRICED:
            net = line.net
            amount, first = (
                (line.amount_cents or 0, line.first_year_amount_cents)
                if net is None
                else (net.amount_cents or 0, net.first_year_amount_cents)
            )
            frequency, columns = line.frequency, sums[line.issuer]
            times = 12 if frequency is MONTHLY else 1
            place = 1 if frequency is YEARLY or frequency is MONTHLY else 2 if frequency is TERM else 0
            columns[place] += amount * times
            columns[3] += (amount if first is None else first) * times
        elif status is ON_REQUEST:
            sums[line.issuer][4] = True
        elif status is MISSING:
            missing.setdefault(line.issuer, {})[line.missing] = None
    voted = {}
    for code, (once, yearly, term, first, on_request) in sums.items():
        complete = not on_request and code not in missing
        lacks = NOTHING_LACKS if complete else Lacks(bool(on_request), tuple(missing.get(code, ())))
        voted[code] = Totals(once, yearly, term, first, complete, None, lacks)
    if not lines or lines[0].net is None:
        return voted
    return {code: _with_vat(totals, [line for line in lines if line.issuer == code]) for code, totals in voted.items()}


def _with_vat(totals: Totals, lines: Sequence[Line]) -> Totals:
    """The totals of an issuer that votes HT, their TTC beside them."""
    counted = [line for line in lines if line.status is PRICED]
    rate = next((line.net.rate for line in lines if line.net is not None), None)
    due = due_with_vat([(line.frequency, due_cents(line)) for line in counted], rate)
    recurring = [place for place, line in enumerate(counted) if line.frequency in RECURRING]
    yearly = add([due[place] for place in recurring])
    if any(counted[place].voted_first_year_cents is not None for place in recurring):
        yearly = add(add_vat([yearly_cents(counted[place]) for place in recurring], rate))
    once = add([split for line, split in zip(counted, due, strict=True) if line.frequency in ONCE])
    term = add([split for line, split in zip(counted, due, strict=True) if line.frequency is TERM])
    return Totals(
        once.gross, yearly.gross, term.gross, add(due).gross, totals.complete, Columns(*totals[:4]), totals.lacks
    )


def due_with_vat(lines: Sequence[tuple[Frequency, int]], rate: int | None) -> tuple[Split, ...]:
    """The three columns of what the lines of one paper, voted HT, ask in the first year, in cents.

    The VAT of the paper is computed once; it is shared between what is due once, for a term and by the year, then in
    each of them between its lines, so that neither the totals nor the subtotals depend on the order of the lines.
    """
    parts = [
        [place for place, (frequency, _) in enumerate(lines) if frequency in part] for part in (ONCE, {TERM}, RECURRING)
    ]
    whole = add_vat([sum(lines[place][1] for place in places) for places in parts], rate)
    found: dict[int, Split] = {}
    for places, part in zip(parts, whole, strict=True):
        found |= dict(zip(places, add_vat([lines[place][1] for place in places], rate, vat=part.vat), strict=True))
    return tuple(found[place] for place in range(len(lines)))


def due_cents(line: Line) -> int:
    """What a line asks in the first year, on the basis that was voted: a monthly amount twelve times, the first year's
    own price if any."""
    first = line.voted_first_year_cents
    amount = (line.voted_cents or 0) if first is None else first
    return amount * 12 if line.frequency is MONTHLY else amount


def yearly_cents(line: Line) -> int:
    """What a recurring line asks each year after the first, on the basis that was voted."""
    return (line.voted_cents or 0) * (12 if line.frequency is MONTHLY else 1)


def with_vat(lines: Sequence[Line], rates: Mapping[str, int | None]) -> list[Line]:
    """The lines of a grid voted HT, their TTC beside what was voted. `rates` has the VAT of each issuer (2000 = 20 %;
    None: no VAT).

    The TTC of a line that is counted is its share of the first year's; a price by month, one of the following years and
    one that is not counted are taxed on their own.
    """
    shares: dict[int, Split] = {}
    for issuer, rate in rates.items():
        places = [place for place, line in enumerate(lines) if line.issuer == issuer and line.status is PRICED]
        due = due_with_vat([(lines[place].frequency, due_cents(lines[place])) for place in places], rate)
        shares |= dict(zip(places, due, strict=True))
    return [_taxed(line, rates[line.issuer], shares.get(place)) for place, line in enumerate(lines)]


def _taxed(line: Line, rate: int | None, share: Split | None) -> Line:
    net = line.net
    if net is None:
        return line
    amount, first = _gross(net.amount_cents, rate), _gross(net.first_year_amount_cents, rate)
    if share is not None and line.frequency is not MONTHLY:
        amount, first = (share.gross, None) if first is None else (amount, share.gross)
    return line._replace(amount_cents=amount, first_year_amount_cents=first, net=net._replace(rate=rate))


def _gross(cents: int | None, rate: int | None) -> int | None:
    return None if cents is None else add_vat([cents], rate)[0].gross
