"""The text of a paper as data: a TOML file adopted by an act, read into values before any name is put in it.

Its manual is `models/README.md`. Like a grid, a text is read whole: every finding is collected with its place.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from tripartite.conventions.printout.model_endings import FIELDS as ENDING_FIELDS
from tripartite.conventions.printout.model_endings import read_endings
from tripartite.conventions.printout.phrases import known_condition, lines_of_text, placeholders
from tripartite.pricing.endings import EndingRule, Moment, default_rules
from tripartite.pricing.findings import Finding, Findings, Place, Severity
from tripartite.pricing.tables import Table
from tripartite.pricing.toml_lines import lines_of

CONVENTION, AMENDMENT, DELIBERATION = "convention", "amendment", "deliberation"
MANDATORY = {
    CONVENTION: (
        "object",
        "services",
        "contribution",
        "tariff-revision",
        "term",
        "termination",
        "personal-data",
        "disputes",
    ),
    AMENDMENT: ("object", "services", "contribution", "unchanged", "effect"),
    DELIBERATION: ("approval", "authorisation", "tariff", "enforcement"),
}
"""What a text must say, by kind of text."""

MANDATORY_ANNEXES = {CONVENTION: ("tariff", "personal-data"), AMENDMENT: (), DELIBERATION: ("tariff",)}
MANDATORY_TABLES = {
    CONVENTION: ("services", "quotes", "prices"),
    AMENDMENT: ("changes", "services", "quotes"),
    DELIBERATION: ("services", "prices"),
}
TABLES = ("services", "quotes", "changes", "prices")
"""What an article or an annex may show after its first paragraph."""

BENEFICIARY, ISSUER = "beneficiary", "issuer"
PARTY_FIELDS = (
    "name",
    "named",
    "of",
    "kind",
    "siret",
    "seat",
    "signatory",
    "function",
    "mandate",
    "organ",
    "executive",
    "prorata",
)
FIELDS = frozenset(
    {"reference", "number", "issued_on", "amends", "court"}
    | {f"tariff.{field}" for field in ("act", "body", "named", "grid", "version", "basis")}
    | {f"term.{field}" for field in ("duration", "renewals", "longest", "notice")}
    | {f"term.{field}" for field in ("starts_on", "ends_on", "last_notice_on")}
)
MAX_TEXT = 500_000
CODE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9-]*")
KEY = re.compile(r"[a-z][a-z0-9-]*")
ROOT = Place((), ("modèle",))


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, in order: the beneficiary, or the issuer of a code. `called` is its name in the articles; `seal` says
    that the certificate of the body itself may sign, instead of a person's.
    """

    role: str
    called: str
    issuer: str | None = None
    seal: bool = False

    @property
    def code(self) -> str:
        """The first word of its placeholders: « beneficiary », or the issuer's code."""
        return self.issuer or self.role


@dataclass(frozen=True, slots=True)
class TermText:
    """What the text proposes: so many years, renewed tacitly so many times, so many months of notice."""

    years: int
    tacit_renewals: int
    notice_months: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its text with placeholders, why it is there, where it comes from, the table that it shows.

    `decision` tells what is voted from what explains (in a deliberation).
    """

    key: str
    title: str
    text: str
    purpose: str
    source: str
    table: str | None = None
    decision: bool = False


@dataclass(frozen=True, slots=True)
class Annex:
    """What goes with the text, on its own page."""

    key: str
    title: str
    text: str
    table: str | None = None


@dataclass(frozen=True, slots=True)
class ModelText:
    """The text of a kind of paper. `act` is what adopts it, None while it is not known; `offer` the only offer that it
    is for, « » when it is for all."""

    code: str
    kind: str
    title: str
    act: str | None
    term: TermText | None
    signatories: tuple[Signatory, ...]
    visas: tuple[str, ...]
    articles: tuple[Article, ...]
    annexes: tuple[Annex, ...]
    endings: tuple[EndingRule, ...] = ()
    offer: str = ""

    @property
    def rules(self) -> tuple[EndingRule, ...]:
        """How it ends: what it writes, or the rule of texts that write none."""
        return self.endings or default_rules([one.code for one in self.signatories])

    def article(self, key: str) -> Article:
        """The article of a key. Raises KeyError when there is none."""
        return next((article for article in self.articles if article.key == key), None) or _no(key)


class ModelError(Exception):
    """A text that cannot serve; `findings` say why, each at its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(finding.text for finding in findings))
        self.findings = tuple(findings)


def read_model(text: str) -> ModelText:
    """The text that a TOML file describes. Raises ModelError with all that was found."""
    if len(text) > MAX_TEXT:
        raise ModelError([Finding(Severity.ERROR, "fichier", None, "le fichier est trop gros pour un modèle.")])
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError([_not_toml(error)]) from None
    findings = Findings(lines_of(text))
    model = _Reader(Table(values, ROOT, findings)).model()
    if findings.found:
        raise ModelError(findings.found)
    return model


def _no(key: str) -> Article:
    raise KeyError(key)


def _not_toml(error: Exception) -> Finding:
    where = re.search(r"line (\d+), column (\d+)", str(error))
    message = "ce n'est pas du TOML valable"
    if where is None:
        return Finding(Severity.ERROR, "fichier", None, f"{message}.")
    return Finding(
        Severity.ERROR, "fichier", int(where[1]), f"{message} : la lecture s'arrête à la colonne {where[2]}."
    )


class _Reader:
    """Reads the signatories first: they say which placeholders exist."""

    def __init__(self, root: Table) -> None:
        self.root = root
        self.kind = ""
        self.known: frozenset[str] = FIELDS

    def model(self) -> ModelText:
        root = self.root
        if root.integer("format") != 1:
            root.wrong("format", "écrire format = 1.")
        code = self._code()
        self.kind = self._kind(code)
        signatories = self._signatories()
        endings = read_endings(root, [one.code for one in signatories], self._key)
        self.known = (
            FIELDS
            | {f"{one.code}.{field}" for one in signatories for field in PARTY_FIELDS}
            | {f"ending.{one.key}.{field}" for one in endings for field in ENDING_FIELDS}
        )
        act = root.text("act")
        model = ModelText(
            code=code,
            kind=self.kind,
            title=self._phrase(root, "title"),
            act=None if act.casefold() == "à compléter" else act,
            term=self._term(endings),
            signatories=signatories,
            visas=tuple(self._visas()),
            articles=self._articles(),
            annexes=self._annexes(),
            endings=endings,
            offer=root.optional_text("offer") or "",
        )
        root.close()
        shown = {article.table for article in model.articles} | {annex.table for annex in model.annexes}
        for table in MANDATORY_TABLES.get(self.kind, ()):
            if table not in shown:
                root.wrong(None, f"aucun article ni annexe ne montre le tableau « {table} ».")
        return model

    def _code(self) -> str:
        code = self.root.text("code")
        if code and not CODE.fullmatch(code):
            self.root.wrong("code", "écrire le genre et la date d'adoption : « convention/2026-11-27 ».")
        return code

    def _kind(self, code: str) -> str:
        kind = self.root.text("kind")
        if kind and kind not in MANDATORY:
            self.root.wrong("kind", f"genre inconnu : « {kind} » ; au choix : {', '.join(MANDATORY)}.")
        elif kind and code and not code.startswith(f"{kind}/"):
            self.root.wrong("code", f"le code d'un texte de ce genre commence par « {kind}/ ».")
        return kind

    def _signatories(self) -> tuple[Signatory, ...]:
        found: list[Signatory] = []
        for row in self.root.tables("signatory", named="called"):
            one = self._signatory(row)
            if one is None:
                continue
            if one.code in {other.code for other in found}:
                row.wrong(None, f"« {one.code} » signe déjà.")
            found.append(one)
        if BENEFICIARY not in {one.role for one in found}:
            self.root.wrong("signatory", 'le bénéficiaire ne signe pas : ajouter role = "beneficiary".')
        if ISSUER not in {one.role for one in found}:
            self.root.wrong("signatory", 'aucun émetteur ne signe : ajouter role = "issuer".')
        return tuple(found)

    def _signatory(self, row: Table) -> Signatory | None:
        role, called, issuer = row.text("role"), row.text("called"), row.optional_text("issuer")
        seal = row.flag("seal")
        row.close()
        if role not in {"", BENEFICIARY, ISSUER}:
            row.wrong("role", f"rôle inconnu : « {role} » ; au choix : {BENEFICIARY}, {ISSUER}.")
        elif role == ISSUER and not issuer:
            row.wrong("issuer", "quel émetteur ? Donner son code dans la grille.")
        elif role == BENEFICIARY and issuer:
            row.wrong("issuer", "le bénéficiaire n'est pas un émetteur.")
        elif role:
            return Signatory(role, called, issuer, seal)
        return None

    def _term(self, endings: Sequence[EndingRule]) -> TermText | None:
        table = self.root.table("term")
        if endings and self.kind != CONVENTION:
            self.root.wrong("ending", "seule une convention dit comment elle finit.")
        if table is None:
            if self.kind == CONVENTION:
                self.root.wrong("term", "la durée manque : années, reconductions, mois de préavis.")
            return None
        years = self._whole(table, "years", 1)
        renewals = self._whole(table, "tacit_renewals", 0)
        notice = self._whole(table, "notice_months", 0)
        if notice >= years * 12 > 0:
            table.wrong("notice_months", "le préavis dépasse la durée.")
        if endings and renewals and Moment.TERM not in {one.at for one in endings}:
            self.root.wrong(
                "ending", 'reconduite tacitement, mais personne ne peut s\'y opposer : ajouter at = "term".'
            )
        table.close()
        return TermText(years, renewals, notice)

    def _whole(self, table: Table, key: str, least: int) -> int:
        if not table.has(key):
            table.wrong(key, "champ obligatoire.")
        found = table.integer(key, least=least)
        if found is not None and found > 100:
            table.wrong(key, "nombre hors de toute mesure.")
        return found or 0

    def _visas(self) -> list[str]:
        visas = [" ".join(visa.split()) for visa in self.root.texts("visas")]
        if not visas:
            self.root.wrong("visas", "aucun visa : citer au moins l'acte qui arrête les tarifs.")
        for visa in visas:
            if not visa:
                self.root.wrong("visas", "un visa est vide.")
            self._check(self.root, "visas", visa)
        return visas

    def _articles(self) -> tuple[Article, ...]:
        articles: list[Article] = []
        for row in self.root.tables("article", named="key"):
            articles.append(
                Article(
                    key=self._key(row, [article.key for article in articles]),
                    title=self._phrase(row, "title"),
                    text=self._phrase(row, "text"),
                    purpose=row.text("purpose"),
                    source=row.text("source"),
                    table=self._table(row),
                    decision=row.flag("decision"),
                )
            )
            row.close()
        self._require("article", MANDATORY.get(self.kind, ()), [article.key for article in articles])
        return tuple(articles)

    def _annexes(self) -> tuple[Annex, ...]:
        annexes: list[Annex] = []
        for row in self.root.tables("annex", named="key"):
            key = self._key(row, [annex.key for annex in annexes])
            annexes.append(Annex(key, self._phrase(row, "title"), self._phrase(row, "text"), self._table(row)))
            row.close()
        self._require("annex", MANDATORY_ANNEXES.get(self.kind, ()), [annex.key for annex in annexes])
        return tuple(annexes)

    def _require(self, what: str, mandatory: Sequence[str], keys: Sequence[str]) -> None:
        words = {"article": "l'article obligatoire", "annex": "l'annexe obligatoire"}[what]
        for key in mandatory:
            if key not in keys:
                self.root.wrong(what, f"{words} « {key} » manque.")

    def _key(self, row: Table, taken: Sequence[str]) -> str:
        key = row.text("key")
        if key and not KEY.fullmatch(key):
            row.wrong("key", "une clé s'écrit en petites lettres, chiffres et tirets.")
        if key in taken:
            row.wrong("key", f"la clé « {key} » est déjà prise.")
        return key

    def _table(self, row: Table) -> str | None:
        table = row.optional_text("table")
        if table is not None and table not in TABLES:
            row.wrong("table", f"tableau inconnu : « {table} » ; au choix : {', '.join(TABLES)}.")
        return table

    def _phrase(self, row: Table, key: str) -> str:
        """A text that may hold placeholders and conditions."""
        text = row.raw(key)
        if isinstance(text, str) and not text.strip():
            row.wrong(key, "le texte est vide.")
            return ""
        text = row.text(key)
        self._check(row, key, text)
        return text

    def _check(self, row: Table, key: str, text: str) -> None:
        for line in lines_of_text(text):
            if line.condition is not None and not known_condition(line.condition):
                row.wrong(key, f"condition inconnue : « [{line.condition}] ».")
            if not line.text:
                row.wrong(key, "une ligne n'a que sa condition ou son tiret.")
        for name in placeholders(text):
            if name is None:
                row.wrong(key, "une accolade { ou } est seule.")
            elif name not in self.known:
                row.wrong(key, f"champ à remplir inconnu : « {{{name}}} ».")
