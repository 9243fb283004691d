"""Every page in French typography, whoever wrote it, and no file touched."""

import re

import pytest

from tests.settings import TYPOGRAPHY
from tripartite.settings import MIDDLEWARE


@pytest.fixture(autouse=True)
def _set_pages(settings):
    settings.MIDDLEWARE = MIDDLEWARE


def test_it_is_part_of_what_is_served_and_outside_of_every_refusal():
    before = MIDDLEWARE[: MIDDLEWARE.index(TYPOGRAPHY)]
    assert "django.middleware.csrf.CsrfViewMiddleware" not in before


@pytest.mark.parametrize(
    "path", ["/", "/tarif/", "/connexion/", "/accessibilite/", "/donnees-personnelles/", "/nulle-part/"]
)
def test_pages_are_set(client, adopted_grid, path):
    answer = client.get(path)
    text = answer.content.decode()
    shown = typeset_html_words(text)
    assert {"’", "\u00a0"} & set(shown), path
    for slip in (" ;", " ?", " !", " : ", "« ", " »"):
        assert slip not in shown, (slip, shown[max(0, shown.find(slip) - 40) : shown.find(slip) + 40])
    assert int(answer.get("Content-Length", len(answer.content))) == len(answer.content)


def test_what_forms_send_and_files_are_as_they_were(client, adopted_grid):
    assert "'" in client.get("/nulle-part/d'ici").request["PATH_INFO"]
    answer = client.get("/api/v1/estimates", HTTP_ACCEPT="application/json")
    assert "’" not in answer.content.decode()


def typeset_html_words(page):
    """What is shown: the page without its tags, code and scripts."""
    page = re.sub(r"(?s)<(script|style|textarea|pre|code|kbd)\b.*?</\1>|<!--.*?-->", "", page)
    return " ".join(re.sub(r"<[^>]*>", "\n", page).split(" "))
