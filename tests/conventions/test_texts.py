"""Text models: drafted, adopted with their act, replaced, never edited; tried on a real file before that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as installed

from tests.factories import conventions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.printout.model_text import ModelError, read_model
from tripartite.conventions.queries.conventions import adopted_text, text_by_code, text_versions
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.papers import paper_of
from tripartite.conventions.services.sending import preview_text
from tripartite.conventions.services.text_checks import check_text
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.journal.queries import entries_about

pytestmark = pytest.mark.django_db
CODE, NEXT = "convention/2026-11-27", "convention/2027-01-15"
ACT = "délibération du 15 janvier 2027"
LATER = AT + timedelta(days=60)


@pytest.fixture(autouse=True)
def _offer():
    conventions.offer()


def shipped():
    return (installed.MODELS_FOLDER / f"{CODE}.toml").read_text(encoding="utf-8")


def draft(text=None, at=LATER):
    return draft_text(text=text or shipped().replace(CODE, NEXT), actor=TESTER, at=at)


def adopt(code=NEXT, act=ACT):
    return adopt_text(code=code, adopting_act=act, actor=TESTER, at=LATER)


def test_a_draft_changes_nothing_until_it_is_adopted():
    version = draft()
    assert (version.code, version.kind, version.state, version.drafted_by) == (NEXT, "convention", "draft", "essai")
    assert adopted_text("convention").code == CODE
    assert text_versions()[0].code == NEXT
    assert [one.action for one in entries_about("text", NEXT)] == ["conventions.draft-text"]


def test_a_draft_is_written_again_under_the_same_code():
    first = draft()
    second = draft(shipped().replace(CODE, NEXT) + "\n# relu\n")
    assert (second.pk, second.sha256 == first.sha256) == (first.pk, False)
    assert text_by_code(NEXT).text.endswith("# relu\n")


def for_offer(offer, code="convention/2027-01-15-alpi"):
    """The shipped text, for one offer: signed by its issuer alone."""
    text = shipped().replace(CODE, code).replace('kind = "convention"', f'kind = "convention"\noffer = "{offer}"', 1)
    return draft(text), code


def test_a_text_of_an_offer_serves_it_alone_and_the_general_one_the_others():
    twin = tariffs.adopted_twin()
    _, code = for_offer(twin.offer)
    adopt(code)
    assert [adopted_text("convention", offer=offer).code for offer in (twin.offer, "cdg62", "")] == [code, CODE, CODE]
    again = "convention/2027-02-01-alpi"
    for_offer(twin.offer, again)
    adopt(again)
    assert (text_by_code(code).state, text_by_code(CODE).state) == ("retired", "adopted")
    assert adopted_text("convention", offer=twin.offer).code == again


def test_a_text_is_adopted_for_an_offer_that_it_can_serve():
    tariffs.adopted_alpi()
    for offer, said in (
        ("alpi40", "« operator » n'est pas un émetteur de l'offre « alpi40 »"),
        ("rien", "n'a pas de grille"),
    ):
        _, code = for_offer(offer, f"convention/2027-01-15-{offer}")
        with pytest.raises(ConventionError, match=said):
            adopt(code)
        assert text_by_code(code).state == "draft"


def test_findings_are_told_whole_and_nothing_is_kept():
    with pytest.raises(ModelError) as refused:
        draft(shipped().replace(CODE, NEXT).replace("{term.notice}", "{term.rien}").replace("{tariff.act}", "{x.y}"))
    assert len(refused.value.findings) >= 2
    assert text_by_code(NEXT) is None


def test_adopting_says_the_act_and_retires_the_former():
    draft()
    version = adopt(act=f"  {ACT} ")
    assert (version.state, version.adopting_act, version.adopted_at, version.adopted_by) == (
        *("adopted", ACT, LATER),
        "essai",
    )
    assert text_by_code(CODE).state == "retired"
    assert entries_about("text", NEXT).last().text == f"Modèle {NEXT} adopté ({ACT}). Il remplace {CODE}."


@pytest.mark.parametrize(
    ("code", "act", "why"),
    [
        ("rien", ACT, "Aucun modèle « rien »."),
        (NEXT, "  ", "Indiquez l'acte qui adopte ce modèle."),
        (CODE, ACT, "est déjà adopté"),
    ],
)
def test_what_cannot_be_adopted_is_refused(code, act, why):
    draft()
    with pytest.raises(ConventionError, match=why):
        adopt(code, act)
    assert adopted_text("convention").code == CODE


def test_adopted_and_retired_words_never_change():
    draft()
    adopt()
    for code in (CODE, NEXT):
        with pytest.raises(ConventionError, match="ses mots ne changent plus"):
            draft(shipped().replace(CODE, code) + "\n# autre\n")
    with pytest.raises(ConventionError, match="déjà remplacé"):
        adopt(CODE)


def test_a_convention_keeps_the_text_that_it_began_with():
    before = conventions.drafted()
    draft()
    adopt()
    assert conventions.read(before).text.code == CODE
    after = draft_convention(request_id=conventions.accepted({"antivirus": 5}).pk, actor=TESTER, at=LATER)
    assert after.text.code == NEXT


def test_a_draft_is_tried_on_a_real_file_without_touching_it():
    convention = conventions.drafted()
    draft()
    assert preview_text(code=NEXT, convention_id=convention.pk, at=LATER).startswith(b"%PDF-1.7")
    assert (conventions.read(convention).text.code, conventions.read(convention).document_id) == (CODE, None)


def test_what_does_not_go_together_is_refused_in_words():
    convention = conventions.drafted()
    with pytest.raises(ConventionError, match="ne convient pas à un texte de ce genre"):
        preview_text(code=adopted_text("amendment").code, convention_id=convention.pk, at=LATER)
    for code, key in (("rien", convention.pk), (CODE, 99)):
        with pytest.raises(ConventionError, match="n'existe pas"):
            preview_text(code=code, convention_id=key, at=LATER)


def findings(text):
    return [one.text for one in check_text(read_model(text), text)]


def test_the_shipped_texts_suit_the_offer_that_is_here_and_two_other_issuers_as_they_are():
    shown = [path.read_text(encoding="utf-8") for path in sorted(installed.MODELS_FOLDER.glob("*/*.toml"))]
    assert [findings(text) for text in shown] == [[], [], []]
    grid = tariffs.grid_text()
    for old, new in (('"cdg62/2024-03-26"', '"cdg03/2026"'), ("cdg62", "cdg03"), ("lfn", "atda")):
        grid = grid.replace(old, new)
    tariffs.adopt_text(grid)
    for text in shown:
        kind = read_model(text).kind
        mine = text.replace(f'kind = "{kind}"', f'kind = "{kind}"\noffer = "cdg03"', 1)
        assert findings(mine) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"support"',
            '"notary"',
            "« notary » n'est pas un émetteur de l'offre « cdg62 », ou y signe déjà ; au choix : ",
        ),
        ('"support"', '"lfn"', "« lfn » n'est pas un émetteur de l'offre « cdg62 », ou y signe déjà"),
        ("service sauvegarde,", "service sauvegardes,", "« sauvegardes » n'est un service d'aucune grille de cdg62."),
    ],
)
def test_what_no_offer_knows_is_found_at_its_line(old, new, said):
    text = shipped().replace(old, new)
    if new.startswith('"'):
        text = text.replace("{support.", "{" + new.strip('"') + ".")
    found = findings(text)
    assert said in found[0]
    assert "ligne " in found[0]


def test_the_services_of_another_offer_are_told_together():
    text = shipped().replace("service sauvegarde,", "service sauvegardes, copies,")
    (said,) = findings(text)
    assert said.endswith(" : Ce ne sont des services d'aucune grille de cdg62 : « sauvegardes », « copies ».")
    assert said.startswith("attention, ligne ")


def test_a_text_of_unknown_issuers_is_not_adopted():
    draft(shipped().replace(CODE, NEXT).replace('"support"', '"notary"').replace("{support.", "{notary."))
    with pytest.raises(ConventionError, match="« notary » n'est pas un émetteur"):
        adopt()
    assert (text_by_code(NEXT).state, adopted_text("convention").code) == ("draft", CODE)


def test_the_court_is_that_of_the_installation(settings):
    settings.CONFIG = replace(settings.CONFIG, court="tribunal administratif de Pau")
    convention = conventions.drafted()
    said = paper_of(convention, number=None, issued_on=AT.date())
    assert "devant le tribunal administratif de Pau." in str(said.articles)
