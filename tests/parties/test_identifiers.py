"""SIREN and SIRET as people write them, checked by their key."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from tripartite.parties.services.identifiers import siren_of, siret_of


@pytest.mark.parametrize("typed", ["216207274", "216 207 274", " 216.207.274 ", "216-207-274", "216\u202f207\u00a0274"])
def test_a_siren_is_read_as_people_write_it(typed):
    assert siren_of(typed) == "216207274"


@pytest.mark.parametrize("typed", ["20003938600038", "200 039 386 00038"])
def test_a_siret_is_read_as_people_write_it(typed):
    assert siret_of(typed) == "20003938600038"


@pytest.mark.parametrize("siret", ["35600000000048", "35600000049837", "35600000009075"])
def test_la_poste_s_establishments_have_another_key(siret):
    """Its head office follows the general rule; the sum of the digits of the others is a multiple of five."""
    assert siret_of(siret) == siret


@pytest.mark.parametrize("siret", ["35600000049838", "35600000009076"])
def test_la_poste_s_key_can_be_wrong_too(siret):
    with pytest.raises(ValueError, match="clé de ce SIRET est fausse"):
        siret_of(siret)


@pytest.mark.parametrize(
    ("check", "typed", "message"),
    [
        (siren_of, "216207275", "La clé de ce SIREN est fausse : un de ses chiffres est mal recopié."),
        (siren_of, "21620727", "Un SIREN a 9 chiffres ; celui-ci en a 8."),
        (siren_of, "20003938600038", "Un SIREN a 9 chiffres ; celui-ci en a 14."),
        (siren_of, "", "Un SIREN ne comporte que des chiffres."),
        (siren_of, "FR216207274", "Un SIREN ne comporte que des chiffres."),
        (siren_of, "２１６２０７２７４", "Un SIREN ne comporte que des chiffres."),
        (siret_of, "20003938600039", "La clé de ce SIRET est fausse : un de ses chiffres est mal recopié."),
        (siret_of, "216207274", "Un SIRET a 14 chiffres ; celui-ci en a 9."),
    ],
)
def test_what_is_wrong_is_said(check, typed, message):
    with pytest.raises(ValueError, match=message) as refused:
        check(typed)
    assert str(refused.value) == message


@given(st.text(alphabet="0123456789", min_size=8, max_size=8), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_miscopied_never_passes(digits, place, slip):
    siren = digits + luhn.calc_check_digit(digits)
    miscopied = siren[:place] + str((int(siren[place]) + slip) % 10) + siren[place + 1 :]

    assert siren_of(siren) == siren
    with pytest.raises(ValueError, match="La clé de ce SIREN est fausse"):
        siren_of(miscopied)


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused(typed):
    for check in (siren_of, siret_of):
        with suppress(ValueError):
            assert check(typed).isdigit()
