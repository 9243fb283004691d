"""The texts of papers: the shipped ones can serve, a wrong one is told whole, each fault at its place."""

import pkgutil
import re

import pytest

from tests.conventions import papers
from tripartite.conventions.printout.model_text import ModelError, read_model
from tripartite.conventions.printout.phrases import Block, Facts, blocks_of, placeholders

KINDS = (papers.CONVENTION, papers.AMENDMENT, papers.DELIBERATION)
SOURCE = papers.text_of_model(papers.CONVENTION)
REVIEW = (papers.MODELS.parent / "docs" / "convention.md").read_text(encoding="utf-8")
MANUAL = (papers.MODELS / "README.md").read_text(encoding="utf-8")


def found(text):
    """What a text's reading finds, as a person reads it, without its line."""
    with pytest.raises(ModelError) as refused:
        read_model(text)
    return [re.sub(r", ligne \d+", "", finding.text) for finding in refused.value.findings]


def changed(old, new, source=SOURCE):
    assert old in source
    return found(source.replace(old, new, 1))


@pytest.mark.parametrize("code", KINDS)
def test_the_shipped_texts_can_serve(code):
    text = papers.model(code)
    assert (text.code, text.kind) == (code, code.split("/", maxsplit=1)[0])
    assert text.act is None
    assert [signatory.code for signatory in text.signatories] == ["beneficiary", "lfn", "cdg62"]


def test_the_convention_says_what_it_must_and_proposes_a_term():
    text = papers.model(papers.CONVENTION)
    assert len(text.articles) == 17
    assert text.article("disputes").text.endswith("devant le {court}.")
    assert (text.term.years, text.term.tacit_renewals, text.term.notice_months) == (3, 1, 3)
    with pytest.raises(KeyError):
        text.article("nothing")


def test_an_amendment_carries_the_annexes_of_the_convention():
    assert papers.model(papers.AMENDMENT).annexes == papers.model(papers.CONVENTION).annexes


@pytest.mark.parametrize("code", KINDS)
def test_every_article_is_reviewed_with_its_own_words(code):
    for article in papers.model(code).articles:
        row = f"| {article.title} | `{article.key}` | {article.purpose} | {article.source} |"
        assert row in REVIEW, article.key


@pytest.mark.parametrize("code", KINDS)
def test_what_obeys_an_article_exists(code):
    for article in papers.model(code).articles:
        row = next(line for line in REVIEW.splitlines() if line.startswith(f"| {article.title} | `{article.key}` |"))
        obeys = row.rstrip("| ").rsplit(" | ", 1)[1]
        named = re.findall(r"`((?:\w+\.)+\w+)`", obeys)
        assert named or "texte seul" in obeys or "`" in obeys, article.key
        for name in named:
            assert pkgutil.resolve_name(f"tripartite.{name}"), name


@pytest.mark.parametrize("code", KINDS)
def test_services_named_in_conditions_are_in_the_grid(code):
    named = re.findall(r"\[(?:si|sans) service ([^\]]+)\]", papers.text_of_model(code))
    codes = {one for names in named for one in names.split(", ")}
    assert codes <= {*papers.grid().services}
    assert code == papers.DELIBERATION or codes >= {*papers.TWELVE}


@pytest.mark.parametrize("code", KINDS)
def test_every_placeholder_and_condition_is_in_the_manual(code):
    text = papers.text_of_model(code)
    for name in placeholders("".join(re.findall(r"\{[^{}\n]*\}", text.split("[[article]]", 1)[1]))):
        scope, _, field = name.partition(".")
        assert f"{{{name}}}" in MANUAL or (f"{{{scope}.…}}" in MANUAL and f"`{field}`" in MANUAL), name
    for condition in re.findall(r"\[(?:si|sans) ([^\]]+)\]", text):
        assert f"`{condition}`" in MANUAL or condition.startswith("service "), condition


def test_a_fault_is_told_with_its_line():
    line = SOURCE.splitlines().index('role = "beneficiary"') + 1
    with pytest.raises(ModelError) as refused:
        read_model(SOURCE.replace('role = "beneficiary"', 'role = "witness"'))
    assert refused.value.findings[0].line == line
    assert str(refused.value).startswith(f"erreur, ligne {line}, modèle › le bénéficiaire › role : rôle inconnu")


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "La présente convention fixe",
            "{beneficiary.nom} fixe",
            "modèle › object › text : champ à remplir inconnu : « {beneficiary.nom} ».",
        ),
        ("Prix arrêtés", "{autre.name}", "modèle › tariff › text : champ à remplir inconnu : « {autre.name} »."),
        ("Prix arrêtés", "Prix } arrêtés", "modèle › tariff › text : une accolade { ou } est seule."),
        ("[sans prorata]", "[sauf prorata]", "modèle › contribution › text : condition inconnue : « [sauf prorata] »."),
        ("[sans prorata]", "[sans rien]", "modèle › contribution › text : condition inconnue : « [sans rien] »."),
        ('key = "disputes"', 'key = "judge"', "modèle › article : l'article obligatoire « disputes » manque."),
        ('key = "papers"', 'key = "object"', "modèle › object › key : la clé « object » est déjà prise."),
        (
            'key = "papers"',
            'key = "Les papiers"',
            "modèle › Les papiers › key : une clé s'écrit en petites lettres, chiffres et tirets.",
        ),
        ('title = "Objet"', 'title = " "', "modèle › object › title : le texte est vide."),
        ('title = "Objet"', "title = 3", "modèle › object › title : un texte entre guillemets est attendu."),
        ('title = "Objet"\n', "", "modèle › object › title : champ obligatoire."),
        ('table = "quotes"', 'table = "devis"', "modèle › contribution › table : tableau inconnu : « devis »"),
        ('table = "quotes"\n', "", "modèle : aucun article ni annexe ne montre le tableau « quotes »."),
        ('issuer = "support"\n', "", "modèle › le centre de gestion › issuer : quel émetteur ?"),
        ('issuer = "support"', 'issuer = "operator"', "modèle › le centre de gestion : « operator » signe déjà."),
        ("notice_months = 3", "notice_months = 36", "modèle › term › notice_months : le préavis dépasse la durée."),
        ("years = 3", "years = 0", "modèle › term › years : un nombre entier, 1 ou plus, est attendu."),
        ("years = 3\n", "", "modèle › term › years : champ obligatoire."),
        ('kind = "convention"', 'kind = "bail"', "modèle › kind : genre inconnu : « bail »"),
        ('code = "convention/', 'code = "bail/', "modèle › code : le code d'un texte de ce genre commence par"),
        ("format = 1", "format = 2", "modèle › format : écrire format = 1."),
        ("purpose = ", "raison = ", "modèle › object › raison : champ inconnu."),
        ('"le code général de la fonction publique"', '" "', "modèle › visas : un visa est vide."),
    ],
)
def test_each_fault_is_found_at_its_place(old, new, finding):
    assert any(f"erreur, {finding}" in text for text in changed(old, new)), changed(old, new)


def test_signatories_are_any_number_in_any_order():
    extra = '[[signatory]]\nrole = "issuer"\nissuer = "autre"\ncalled = "le quatrième"\n\n'
    text = read_model(SOURCE.replace("[[signatory]]", extra + "[[signatory]]", 1))
    assert [signatory.code for signatory in text.signatories] == ["autre", "beneficiary", "operator", "support"]


def test_no_signatory_is_told():
    text = re.sub(r"\[\[signatory\]\]\n(?:\w+ = .*\n)+", "", SOURCE)
    assert 'erreur, modèle › signatory : le bénéficiaire ne signe pas : ajouter role = "beneficiary".' in found(text)
    assert 'erreur, modèle › signatory : aucun émetteur ne signe : ajouter role = "issuer".' in found(text)


@pytest.mark.parametrize("text", ["", "= 3", "a = [", "[" * 5_000, "x" * 500_001, "article = 3\nsignatory = 'x'"])
def test_what_is_not_a_text_is_refused(text):
    assert found(text)


def test_paragraphs_lists_and_headings():
    facts = Facts({"a": "A", "b": None}, frozenset({"prorata"}), frozenset({"x"}))
    text = """
    Un {a}
    suite.

    - un
    - [si service x, y] deux {b}
    - [si service z] trois

    ## Titre
    [sans prorata] jamais
    [si prorata] toujours
    """
    assert blocks_of(text, facts) == (
        Block("paragraph", ("Un A suite.",)),
        Block("list", ("un", "deux à compléter")),
        Block("heading", ("Titre",)),
        Block("paragraph", ("toujours",)),
    )


def test_what_fills_a_text_in_is_not_read_again():
    facts = Facts({"a": "{b} [si prorata] ## - ", "b": "B"}, frozenset(), frozenset())
    assert blocks_of("{a}", facts) == (Block("paragraph", ("{b} [si prorata] ## - ",)),)


ENDING = """
[[ending]]
key = "extra"
ground = "essai"
by = ["beneficiary"]
at = "notice"
notice_months = 1
effect = "convention"

[[article]]
key = "object"
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'by = ["beneficiary"]',
            'by = ["mairie"]',
            "« mairie » ne signe pas ; au choix : beneficiary, operator, support.",
        ),
        (
            'at = "notice"',
            'at = "later"',
            "« later » ; au choix : term, due-date, notice, formal-notice.",
        ),
        ('at = "notice"', 'at = "formal-notice"', "after_days : combien de jours après la mise en demeure ?"),
        (
            'at = "notice"',
            'at = "term"',
            "l'opposition est celui de la durée : [term], notice_months.",
        ),
        ('effect = "convention"', 'effect = "own-part"', "effect : seul un émetteur a une part à retirer."),
        ("notice_months = 1", "after_days = 8", 'after_days : ce délai ne va qu\'avec at = "formal-notice".'),
        ("notice_months = 1", "notice_months = 30", "notice_months : nombre hors de toute mesure."),
        ('key = "extra"', 'key = "due-date"', "key : la clé « due-date » est déjà prise."),
    ],
)
def test_an_ending_that_contradicts_itself_is_told(old, new, expected):
    assert old in ENDING
    source = SOURCE.replace('\n[[article]]\nkey = "object"\n', ENDING.replace(old, new), 1)
    assert any(one.endswith(expected) for one in found(source)), found(source)


def test_a_convention_renewed_tacitly_says_who_may_refuse_it():
    start = SOURCE.index("[[ending]]")
    end = SOURCE.index("[[ending]]", start + 1)
    (one,) = (text for text in found(SOURCE[:start] + SOURCE[end:]) if "s'y opposer" in text)
    assert one.endswith('reconduite tacitement, mais personne ne peut s\'y opposer : ajouter at = "term".')


def test_a_text_without_endings_keeps_the_rule_that_it_had():
    start, end = SOURCE.index("[[ending]]"), SOURCE.index("[[article]]")
    without = re.sub(r"\{ending\.[^}]*\}", "{term.notice}", SOURCE[:start] + SOURCE[end:])
    rules = read_model(without).rules
    assert [(rule.key, rule.at, rule.effect, rule.notice_months) for rule in rules] == [
        ("refusal-to-renew", "term", "convention", None),
        ("termination", "notice", "convention", None),
    ]
    assert {rule.by for rule in rules} == {("beneficiary", "operator", "support")}
