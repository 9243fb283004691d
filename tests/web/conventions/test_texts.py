"""Text models on screen: read by all, drafted, tried on a real file, adopted with their act, never changed then."""

import re

import pytest
import time_machine
from django.conf import settings as installed
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.conventions.queries.conventions import adopted_text, text_by_code, text_versions

AT = quotes.AT
SHIPPED = len(list(installed.MODELS_FOLDER.glob("*/*.toml")))
CODE, NEXT = "convention/2026-11-27", "convention/2027-01-15"
HOSTILE = "<script>alert(1)</script>"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer():
    with time_machine.travel(AT, tick=False):
        conventions.offer()
        yield


@pytest.fixture
def manager(log_in):
    """Somebody who writes texts."""
    return log_in(Role.MANAGER)


def shipped(kind="convention"):
    (path,) = (installed.MODELS_FOLDER / kind).glob("*.toml")
    return path.read_text(encoding="utf-8")


def rewritten(text=None):
    """The shipped text under another code."""
    return (text or shipped()).replace(CODE, NEXT)


def write(client, text):
    return client.post(reverse("text-write"), {"text": text})


def adopt(client, code=NEXT, act="délibération du 15 janvier 2027"):
    return client.post(reverse("text-adopt", args=[code]), {"adopting_act": act})


def test_the_list_says_what_is_adopted_and_by_which_act(manager) -> None:
    answer = manager.get(reverse("text-list"))
    assert re.search(rf"{CODE} .* adopté délibération d'essai 23/11/2026", words(answer))
    assert reverse("text-write") in answer.content.decode()


def test_a_text_is_shown_whole(manager) -> None:
    page = manager.get(reverse("text", args=[CODE]))
    assert "Adopté le 23/11/2026 : délibération d'essai" in words(page)
    assert " ".join(shipped().split()) in words(page)
    assert reverse("text-adopt", args=[CODE]) not in page.content.decode()


def test_a_draft_begins_from_a_text_and_is_kept(manager) -> None:
    page = manager.get(f"{reverse('text-write')}?depuis={CODE}")
    assert page.context["form"].initial["text"] == shipped()

    answer = manager.post(reverse("text-write"), {"text": rewritten().replace("\n", "\r\n")}, follow=True)

    assert f"Projet {NEXT} enregistré : relisez-le sur un vrai dossier avant adoption." in part(answer, "contenu")
    assert (text_by_code(NEXT).state, text_by_code(NEXT).text) == ("draft", rewritten())
    assert adopted_text("convention").code == CODE


def test_findings_are_said_at_the_text_which_is_kept_as_typed(manager) -> None:
    wrong = rewritten().replace("{term.notice}", "{term.rien}")
    answer = write(manager, wrong)
    assert answer.status_code == 422
    assert "term.rien" in answer.context["form"].errors["text"][0]
    assert "term.rien" in errors(answer)
    assert answer.context["form"]["text"].value() == wrong
    assert text_by_code(NEXT) is None


@pytest.mark.parametrize("text", ["", "   ", "ceci n'est pas du TOML", "x" * 500_001, "a\x00"])
def test_what_is_no_text_is_refused(manager, text) -> None:
    answer = write(manager, text)
    assert (answer.status_code, bool(errors(answer)), len(text_versions())) == (422, True, SHIPPED)


def test_an_adopted_text_is_never_written_over(manager) -> None:
    answer = write(manager, shipped() + "\n# un mot de plus\n")
    assert (answer.status_code, "ses mots ne changent plus" in errors(answer)) == (422, True)
    assert text_by_code(CODE).text == shipped()


def test_a_draft_is_adopted_with_its_act_and_replaces_the_former(manager) -> None:
    write(manager, rewritten())
    for act in ("", "x" * 301):
        answer = adopt(manager, act=act)
        assert (answer.status_code, "Acte qui l'adopte" in errors(answer)) == (422, True)
    assert adopted_text("convention").code == CODE

    answer = manager.get(adopt(manager)["Location"])

    assert f"Modèle {NEXT} adopté : les nouvelles conventions le prennent." in part(answer, "contenu")
    assert [text_by_code(code).state for code in (NEXT, CODE)] == ["adopted", "retired"]
    assert "remplacé" in words(manager.get(reverse("text", args=[CODE])))
    again = adopt(manager)
    assert (again.status_code, f"Le modèle {NEXT} est déjà adopté." in part(again, "contenu")) == (422, True)


@pytest.mark.both_bases
def test_a_text_is_tried_on_a_real_file(manager) -> None:
    convention = conventions.drafted()
    write(manager, rewritten())
    assert "en préparation, Ruitz" in words(manager.get(reverse("text", args=[NEXT])))

    answer = manager.get(reverse("text-preview", args=[NEXT]), {"dossier": convention.pk})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    assert conventions.read(convention).text.code == CODE


def test_only_files_of_its_kind_are_offered_and_another_is_refused_in_words(manager) -> None:
    convention = conventions.drafted()
    amendment = adopted_text("amendment").code
    assert 'name="dossier"' not in manager.get(reverse("text", args=[amendment])).content.decode()
    answer = manager.get(reverse("text-preview", args=[amendment]), {"dossier": convention.pk}, follow=True)
    assert "Ce dossier ne convient pas à un texte de ce genre." in part(answer, "contenu")
    gone = manager.get(reverse("text-preview", args=[CODE]), {"dossier": "99"}, follow=True)
    assert "Ce modèle ou ce dossier n'existe pas." in part(gone, "contenu")


@pytest.mark.parametrize("wanted", ["", "x", "²", "-1", "9" * 5000])
def test_a_file_that_cannot_be_is_not_found(manager, wanted) -> None:
    assert manager.get(reverse("text-preview", args=[CODE]), {"dossier": wanted}).status_code == 404


@pytest.mark.parametrize("path", ["/textes/rien/", "/textes/convention/%00/", "/textes/rien/apercu.pdf?dossier=1"])
def test_a_text_that_is_not_there_is_not_found(manager, path) -> None:
    assert manager.get(path).status_code == 404
    assert adopt(manager, code="rien").status_code == 404
    assert manager.get(f"{reverse('text-write')}?depuis=%00").status_code == 200


def test_adopting_is_not_a_link(manager) -> None:
    assert manager.get(reverse("text-adopt", args=[CODE])).status_code == 405


@pytest.mark.parametrize("role", [Role.AGENT, Role.ACCOUNTANT])
def test_those_who_do_not_write_texts_read_them(log_in, manager, role) -> None:
    write(manager, rewritten())
    reader = log_in(role)
    page = reader.get(reverse("text", args=[NEXT])).content.decode()
    assert (reverse("text-adopt", args=[NEXT]) in page, reverse("text-write") in page) == (False, False)
    assert [write(reader, rewritten()).status_code, adopt(reader).status_code] == [403, 403]
    assert text_by_code(NEXT).state == "draft"


@pytest.mark.both_bases
def test_hostile_words_are_shown_and_not_run(manager) -> None:
    title = re.search(r'^title = "(.*)"', shipped(), re.MULTILINE)
    write(manager, rewritten(shipped().replace(title[0], f'title = "{HOSTILE}"', 1)))
    adopt(manager, act=HOSTILE)
    for path in (reverse("text-list"), reverse("text", args=[NEXT])):
        page = manager.get(path)
        assert ("<script>alert" not in page.content.decode(), HOSTILE in words(page)) == (True, True)


def test_the_number_of_queries_is_the_same_whatever_the_texts(manager, django_assert_max_num_queries) -> None:
    path = reverse("text-list")
    manager.get(path)
    with django_assert_max_num_queries(10) as queries:
        manager.get(path)
    allowed = len(queries)
    for month in range(1, 4):
        write(manager, shipped().replace(CODE, f"convention/2027-0{month}-15"))
    assert len(text_versions()) == SHIPPED + 3
    with django_assert_max_num_queries(allowed):
        manager.get(path)
