"""What the runner says of a story that is wrong: in its writing, or in what it expects."""

import pytest

from tests.scenarios.running import DOORS, run_story
from tests.scenarios.story import StoryError, read_story

HEAD = 'title = "Essai"\nbody = "62727"\n'
ASK = '[[step]]\non = 2026-11-23\ndo = "ask"\nlines = { nom-de-domaine = 1 }\nissue = true\n'


@pytest.fixture
def told(tmp_path):
    """Read a story from its text."""

    def read(text):
        path = tmp_path / "essai.toml"
        path.write_text(text, encoding="utf-8")
        return read_story(path)

    return read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title =", "essai.toml : ce n'est pas du TOML"),
        ('title = "Essai"\nstep = []\n', "en tête du récit : il manque « body »."),
        (HEAD + "step = []\n", "Le récit n'a pas d'étape."),
        (
            HEAD + '[[step]]\non = 2026-11-23\ndo = "dance"\n',
            "étape 1 : « do = dance » n'existe pas. Les verbes : estimate,",
        ),
        (HEAD + '[[step]]\ndo = "issue"\n', "étape 1 (issue) : la première étape dit son jour (on = 2026-11-23)."),
        (HEAD + ASK + "lignes = 1\n", "étape 1 (ask) : « lignes » n'existe pas. Ce qui peut y être : at, contact, do,"),
        (HEAD + ASK.replace("lines = { nom-de-domaine = 1 }\n", ""), "étape 1 (ask) : il manque « lines »."),
        (HEAD + ASK.replace("2026-11-23", '"demain"'), "« on » doit être un jour, sans guillemets (2026-11-23)."),
        (
            HEAD + ASK + "[step.expect]\namounts = { lfn = { yearly = 15 } }\n",
            "étape 1 (ask), « expect » : « amounts » doit être une table par émetteur, en euros à deux décimales",
        ),
        (
            HEAD + ASK + '[[step]]\non = 2026-11-22\ndo = "issue"\n',
            "étape 2 (issue) : elle n'est pas après l'étape 1 (23/11/2026 10:01).",
        ),
    ],
)
def test_a_mistake_of_writing_is_told_with_its_place(told, text, message):
    with pytest.raises(StoryError) as refusal:
        told(text)
    assert message in str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("step", "differences"),
    [
        (ASK, []),
        (ASK + '[step.expect]\nrefused = "Non."\n', ["refused : attendu « Non. », et ce n'est pas refusé"]),
        (
            ASK.replace("nom-de-domaine = 1", "nom-de-domaine = 0") + '[step.expect]\nrefused = "Non."\n',
            ["refused : attendu « Non. », obtenu « La quantité doit être un nombre, 1 ou plus. »"],
        ),
        (
            ASK + "[step.expect]\namounts = { lfn = { yearly = 15.01 }, sivom = { once = 0.00 } }\n",
            [
                "amounts.lfn.yearly : attendu « 15.01 », obtenu « 15.00 »",
                "amounts.sivom : cet émetteur n'a pas de montant",
            ],
        ),
        (
            ASK + '[step.expect]\nquotes = { lfn = "accepté" }\nversion = 2\nvalid_until = 2027-02-22\npapers = 3\n',
            [
                "quotes.lfn : attendu « accepté », obtenu « émis »",
                "version : attendu 2, obtenu 1",
                "valid_until (lfn) : attendu 2027-02-22, obtenu 2027-02-21",
                "valid_until (cdg62) : attendu 2027-02-22, obtenu 2027-02-21",
                "papers : attendu 3, obtenu 2",
            ],
        ),
        (
            ASK + '[step.expect]\nconvention = "signée"\n',
            ["aucune convention dans le dossier « principal » : une étape « prepare » la prépare."],
        ),
    ],
)
def test_what_differs_is_told_the_same_at_every_door(told, door, step, differences):
    (found,) = run_story(told(HEAD + step), door)
    assert list(found.differences) == differences


@pytest.mark.django_db
def test_a_step_that_could_not_be_done_stops_the_story(told):
    story = told(HEAD + ASK + '[[step]]\ndo = "issue"\n\n[[step]]\ndo = "prepare"\n')
    assert [(one.step.do, one.differences) for one in run_story(story, "services")] == [
        ("ask", ()),
        (
            "issue",
            ("refusé : Les devis de cette demande sont déjà émis : modifiez-la pour émettre une nouvelle version.",),
        ),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("door", "verbs"), [("cli", ["ask", "cancel"]), ("http", ["ask"])])
def test_a_step_told_at_one_door_is_left_out_at_the_others(told, door, verbs):
    story = told(HEAD + ASK + '[[step]]\ndo = "cancel"\nreason = "double"\ndoors = ["cli"]\n')
    assert [one.step.do for one in run_story(story, door)] == verbs
