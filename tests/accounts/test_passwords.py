"""Which passwords are too easy to guess, whatever their length."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from tripartite.accounts.passwords import GuessablePasswordValidator

NAMES = ["lfn", "La Fibre Numérique 59-62", "cdg62", "Centre de gestion du Pas-de-Calais"]
VALIDATOR = GuessablePasswordValidator(lambda: NAMES)


def refused(password):
    try:
        VALIDATOR.validate(password)
    except ValidationError as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("passwordpassword", "common"),
        ("Password-2026!", "common"),
        ("iloveyou-monkey", "common"),
        ("azertyuiop123", "common"),
        ("123456789012", "common"),
        ("soleil soleil 62", "common"),
        ("motdepasse1234", "common"),
        ("tripartite2026!", "context"),
        ("LaFibreNumérique62", "context"),
        ("Mairie & Commune 59", "context"),
        ("Pas-de-Calais 62", "context"),
        ("aaaaaaaaaaaa", "repeated"),
        ("121212121212", "repeated"),
        ("............", "repeated"),
    ],
)
def test_what_is_guessed_first_is_refused(password, code):
    assert refused(password) == code


@pytest.mark.parametrize(
    "password",
    [
        "une phrase de passe sans surprise",
        "correct horse battery staple",
        "à la mairie, trois chats dorment",
        "7301946285023",
        "ÇA NE SE DEVINE PAS",
        "k8v2-xq4m-tt7z-bb3w",
        "漢字だけの長い合言葉です",
    ],
)
@pytest.mark.django_db
def test_any_other_is_good_whatever_it_is_made_of(password):
    assert refused(password) == ""
    assert validate_password(password) is None


def test_each_of_the_first_three_thousand_said_twice_is_refused():
    common = sorted(CommonPasswordValidator().passwords)[:3000]
    assert [word for word in common if len(word * 2) >= 12 and word.isalnum() and not refused(word * 2)] == []


@pytest.mark.parametrize("password", ["", " ", "\x00" * 12, "🦊" * 12, "e\u0301" * 400])
def test_absurd_passwords_are_judged_and_do_not_break(password):
    assert refused(password) == "repeated"
