"""Days, instants, lengths and numbers of identity as French papers and screens write them. Amounts are in `money`."""

import re
from datetime import date, datetime

from tripartite.pricing.estimate import Frequency

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
WHEN = {
    Frequency.ONCE: "une fois",
    Frequency.YEARLY: "par an",
    Frequency.MONTHLY: "par mois",
    Frequency.PER_ACT: "à l'acte",
}


TOTALS = {
    "once": "À la mise en service, une fois",
    "term": "Pour la durée indiquée, une fois",
    "yearly": "Chaque année",
    "first_year": "Première année",
}
"""The totals of a quote, on screens as on the papers."""


def day_text(day: date) -> str:
    """« 26/03/2024 »."""
    return f"{day:%d/%m/%Y}"


def span_text(since: date, until: date) -> str:
    """« le 24/10/2025 », « du 24/10/2025 au 23/10/2026 »: both days count."""
    return f"le {day_text(since)}" if since == until else f"du {day_text(since)} au {day_text(until)}"


def instant_text(local: datetime) -> str:
    """« 26/03/2024 à 14 h 05 », of an instant already told in the time of the place."""
    return f"{day_text(local)} à {local.hour} h {local:%M}"


def counted(number: int, words: str) -> str:
    """« 1 échec », « 12 échecs », « 0 contact effacé » : each of the words takes the mark of the plural from two on."""
    if number < 2:
        return f"{number} {words}"
    return f"{number} {' '.join(word if word.endswith(('s', 'x', 'z')) else f'{word}s' for word in words.split(' '))}"


def said_inside(text: str) -> str:
    """What goes between brackets, without its own: « INSEE (Etalab) » is said « INSEE, Etalab »."""
    return ", ".join(part for part in map(str.strip, re.split(r"[()]", text)) if part)


def when_text(frequency: Frequency, years: int | None) -> str:
    """« par an », « une fois », « pour 3 ans »."""
    if frequency is Frequency.TERM:
        return f"pour {counted(years, 'an')}" if years else "pour la durée"
    return WHEN[frequency]


def identifier_text(digits: str | None) -> str | None:
    """A SIREN or a SIRET in groups: « 200 039 386 00038 »; nothing known gives nothing."""
    return digits and "\u00a0".join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)


def refused_move(what: str, now: str, then: str) -> str:
    """Why « {what} », a feminine noun, does not go from the state labelled `now` to that labelled `then`."""
    if now == then:
        return f"C'est déjà fait : {what} « {now} »."
    return f"{what[:1].upper()}{what[1:]} « {now} » : elle ne peut pas devenir « {then} »."
