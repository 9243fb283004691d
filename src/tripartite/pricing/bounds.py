"""How much a number that people type may be: one bound for each kind of it, whatever the door. Pure.

Beyond, it is a slip of the hand: it is said, with the bound, rather than priced or kept.
"""

from tripartite.pricing.money import euros, whole

MOST_PEOPLE = 100_000_000
"""A population or a staff: more than the country has."""
MOST_FIGURE = 10**12
"""Any other figure that a grid names, some of them in cents (`payroll_cents`)."""
MOST_QUANTITY = 100_000_000
MOST_CENTS = 100_000_000_00
"""Of one amount, in cents, above or below zero."""

PEOPLE = ("population", "staff")


def most_of(figure: str) -> int:
    """The most that a figure of a body may be, by its name."""
    return MOST_PEOPLE if figure in PEOPLE else MOST_FIGURE


def too_many(most: int) -> str:
    """What is said of a number beyond its bound."""
    return f"Ce nombre est trop grand : {whole(most)} au plus."


def wrong_amount(cents: int, *, below_zero: bool = False) -> str:
    """What is wrong with an amount in cents; « » when nothing is. `below_zero`: it may be negative."""
    if abs(cents) > MOST_CENTS:
        return f"Ce montant est trop grand : {euros(MOST_CENTS)} au plus."
    return "" if below_zero or cents >= 0 else "Le montant doit être de zéro ou plus."
