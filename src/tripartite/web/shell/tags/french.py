"""Figures and dates as French papers write them."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from tripartite.pricing import money, naming
from tripartite.pricing.french import TOTALS, day_text, identifier_text, instant_text, span_text
from tripartite.pricing.lacking import Lacks, Sum
from tripartite.pricing.quantities import exact
from tripartite.web.shell.offers import the_quotes

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """`103000` as « 1 030,00 € »; nothing known gives nothing."""
    return "" if cents is None else money.euros(cents)


@register.simple_tag
def total_name(which: str) -> str:
    """What a total of a quote is called: "once", "term", "yearly", "first_year"."""
    return TOTALS[which]


@register.filter
def total(cents: int | None, lacks: Lacks) -> str:
    """A total, which says what is left out of it."""
    if cents is None:
        return ""
    return (
        format_html('{} <span class="left-out">{}</span>', money.euros(cents), lacks) if lacks else money.euros(cents)
    )


@register.filter
def summed(value: Sum) -> str:
    """The same for an amount that carries what it lacks."""
    return total(value.cents, value.lacks)


@register.simple_tag
def taxed(cents: int | None) -> str:
    """After an amount voted HT: what is paid, TTC; nothing where the tariff is voted TTC."""
    return "" if cents is None else format_html(' <span class="taxed">HT, soit {}\u00a0TTC</span>', money.euros(cents))


@register.filter
def quotes_words(count: int) -> str:
    """« le devis », « les deux devis », by how many issuers there are."""
    return the_quotes(count)


@register.filter
def complement(words: str) -> str:
    """« de comptes », « d'adresses »."""
    return naming.complement(words)


@register.simple_tag
def left_out(lacks: Lacks) -> str:
    """The same mark alone, after words that follow the amount."""
    return format_html(', <span class="left-out">{}</span>', lacks) if lacks else ""


@register.filter
def whole(number: int | None) -> str:
    """`12345` as « 12 345 »."""
    return "" if number is None else money.whole(number)


@register.filter
def number(value: object) -> str:
    """A quantity, computed or read from JSON: « 1 500 », « 2,5 »; « » for what is none."""
    found = exact(value)
    return "" if found is None else money.number_text(found)


@register.simple_tag
def span(since: date, until: date) -> str:
    """« le 24/10/2025 », « du 24/10/2025 au 23/10/2026 »: both days count."""
    return span_text(since, until)


@register.filter
def day(value: date | datetime | None) -> str:
    """26/03/2024; an instant gives the day it was in Paris."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return day_text(value)


@register.filter
def instant(value: datetime | None) -> str:
    """« 26/03/2024 à 14 h 05 », Paris time."""
    if value is None:
        return ""
    return instant_text(timezone.localtime(value))


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ 3|plural:"devis,devis" }}`: the count and its word; the plural begins at 2."""
    singular, several = words.split(",")
    return f"{money.whole(count)} {several if count >= 2 else singular}"


@register.filter
def siren(value: str | None) -> str:
    """123456782 in groups: « 123 456 782 »."""
    return identifier_text(value) or ""


@register.filter
def duration(minutes: int | None) -> str:
    """`90` as « 1 h 30 », `45` as « 45 min »."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{money.whole(hours)}\u00a0h\u00a0{rest:02d}" if rest else f"{money.whole(hours)}\u00a0h"


@register.filter
def named(names: dict[str, str], code: str) -> str:
    """The name of a code; the code itself when nobody named it."""
    return names.get(code, code)
