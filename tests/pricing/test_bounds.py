"""How much a number may be: one bound for each kind of it."""

import pytest

from tripartite.pricing.bounds import MOST_CENTS, MOST_FIGURE, MOST_PEOPLE, most_of, too_many, wrong_amount


def test_people_are_fewer_than_cents():
    assert [most_of(figure) for figure in ("population", "staff", "payroll_cents")] == [
        MOST_PEOPLE,
        MOST_PEOPLE,
        MOST_FIGURE,
    ]
    assert too_many(MOST_PEOPLE) == "Ce nombre est trop grand : 100\u202f000\u202f000 au plus."


@pytest.mark.parametrize(
    ("cents", "below_zero", "said"),
    [
        (0, False, ""),
        (MOST_CENTS, False, ""),
        (MOST_CENTS + 1, False, "Ce montant est trop grand : 100\u202f000\u202f000,00\u00a0€ au plus."),
        (-1, False, "Le montant doit être de zéro ou plus."),
        (-1, True, ""),
        (-MOST_CENTS, True, ""),
        (-MOST_CENTS - 1, True, "Ce montant est trop grand : 100\u202f000\u202f000,00\u00a0€ au plus."),
    ],
)
def test_an_amount_is_bounded_on_both_sides(cents, below_zero, said):
    assert wrong_amount(cents, below_zero=below_zero) == said
