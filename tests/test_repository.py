"""What holds of the repository itself: what imports, types and behaviour cannot show."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "tripartite"
DOORS = ("web", "api", "cli")
LETTERS = ("queue_message", "write_about", "write_letter", "create_access_link", "issue_code")
COMPLETED = (
    "record_paper_signature",
    "deposit_signed_pdf",
    "sign_here",
    "sign_with_code",
    "denounce_convention",
    "terminate_convention",
)
WRITERS = ("services", "documents", "journal", "migrations")
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def tracked() -> list[Path]:
    """The files under version control, or all of them where git is not there."""
    git = shutil.which("git")
    if git is None:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


PUTS_FILES = {SOURCE / "web/shell/bundles.py"}
"""What puts files in a folder, under the same word as rows in a table."""


def test_only_services_write_to_the_database() -> None:
    writing = re.compile(r"\.(save|create|bulk_create|bulk_update|update_or_create|get_or_create)\(")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in MODULES
        if path not in PUTS_FILES
        and not any(part in WRITERS or part == "services.py" for part in path.relative_to(SOURCE).parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if writing.search(line)
    ]
    assert found == []


def named_by_doors(names: tuple[str, ...]) -> list[str]:
    """Where a door names one of these."""
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        if path.relative_to(SOURCE).parts[0] in DOORS
        for name in names
        if re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))
    ]


def test_no_door_writes_a_letter() -> None:
    """An act and the letters that it causes belong together: the service that does the act queues them."""
    assert named_by_doors(LETTERS) == []


def test_no_door_opens_a_transaction() -> None:
    """What goes together is one service: a door that needs a transaction holds a rule."""
    assert named_by_doors((r"transaction\.atomic", "import transaction", "IntegrityError")) == []


def test_what_people_type_is_cleaned_before_it_is_judged_empty() -> None:
    """A reason of spaces that do not show is no reason: `strip` does not see them, `typed` does."""
    typed = (
        r"not (?:\w+\.)?(?:reason|explanation|person\.name|person\.function|original_place|author|declared_by)\.strip\("
    )
    assert [path.name for path in MODULES if re.search(typed, path.read_text(encoding="utf-8"))] == []


def test_no_door_does_half_of_an_act() -> None:
    """What a later step completes is asked of that step: signing also opens, leaving also ends."""
    assert named_by_doors(COMPLETED) == []


def test_no_module_outgrows_four_hundred_lines() -> None:
    assert [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_a_name_has_one_address() -> None:
    """A package re-exports nothing: a name is imported from the module that defines it. Models are read by Django
    from their package, which is their address."""
    fronts = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.name == "__init__.py"
        and path.parent.name != "models"
        and any(not isinstance(node, ast.Expr) for node in ast.parse(path.read_text(encoding="utf-8")).body)
    ]
    listed = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.parent.name != "models" and re.search(r"^__all__", path.read_text(encoding="utf-8"), flags=re.M)
    ]
    assert fronts + listed == []


def test_names_that_say_nothing_are_not_used_for_modules() -> None:
    banned = {"utils", "helpers", "core", "common", "misc", "manager", "handle", "process", "data", "info"}
    assert [path.name for path in MODULES if path.stem in banned] == []


def test_only_screens_import_types_apart_and_only_the_rows_that_they_show() -> None:
    """Elsewhere an import for types alone would hide a cycle from whoever runs the code: types live where both may
    know them. The screens name the rows that queries give them, and get at their models in no other way.
    """
    apart, outside = set(), []
    for path in MODULES:
        tree, step = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(SOURCE).parts[0]
        guarded = [
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in node.body
        ]
        apart |= {(step, getattr(inner, "module", "").split(".")[-1]) for inner in guarded}
        outside += [
            f"{path.relative_to(SOURCE)}: {ast.unparse(node)}"
            for node in ast.walk(tree)
            if (isinstance(node, ast.ImportFrom) and re.fullmatch(r"tripartite\.\w+\.models(\..*)?", node.module or ""))
            and node not in guarded
            and node.module.split(".")[1] != step
        ]
    assert apart == {("web", "models")}
    assert outside == []


def test_public_functions_of_the_pure_core_and_of_services_say_what_they_mean() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in MODULES
        if path.relative_to(SOURCE).parts[0] == "pricing" or {"services", "services.py"} & {*path.parts}
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_money_and_quantities_meet_no_float() -> None:
    """A float is read where JSON or a spreadsheet gives one, and written where JSON takes one; nothing computes one."""
    apart = {"api", "bounded", "cli", "documents", "jobs"}  # seconds to wait, and the numbers that OpenAPI names
    found = [
        f"{path.relative_to(SOURCE)}: {ast.unparse(node)}"
        for path in MODULES
        if path.relative_to(SOURCE).parts[0] not in apart
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Attribute) and node.attr == "FloatField")
    ]
    assert sorted(found) == [
        "parties/services/tables.py: float",  # a cell of a spreadsheet that is a whole number,
        "parties/services/workbooks.py: float",  # or any,
        "parties/services/workbooks.py: float",  # read as the shortest text that gives it back
        "pricing/gathering.py: 0.5",  # how near a code must be to be proposed instead
        "pricing/quantities.py: float",  # a number of JSON read as the decimal that was written,
        "pricing/quantities.py: float",  # and a half unit written
        "pricing/quantities.py: float",
    ]


def test_own_javascript_stays_small() -> None:
    scripts = (SOURCE / "web" / "static").rglob("*.js")
    assert sum(len(script.read_text(encoding="utf-8").splitlines()) for script in scripts) < 1500


def test_locked_lists_carry_hashes_and_no_registry() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        names = re.findall(r"^[a-z0-9][^ ]*==", text, flags=re.M)
        assert names
        assert text.count("--hash=sha256:") >= len(names)
        assert not re.search(r"https?://|index-url|find-links", text)


def test_no_text_names_a_machine() -> None:
    places = re.compile(rb"/root/|/work/|/tmp/[a-z]|/home/[a-z]+/")
    own = Path(__file__).resolve()
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in {".png", ".csv"} and path != own and places.search(path.read_bytes())
    ]
    assert found == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "[a-z][^" ]*[<>=]+[^" ]*",.*$', text, flags=re.M)
    assert len(listed) > 20
    assert [line for line in listed if "#" not in line] == []


def test_the_glossary_names_what_the_code_has() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), flags=re.M
    )
    names = [name for row in rows[1:] for name in re.findall(r"`(\w+)`", row)]
    assert len(names) > 15
    assert [name for name in names if not re.search(rf"\b{name}\b", code)] == []


@pytest.mark.parametrize("page", sorted(path for path in tracked() if path.suffix == ".md"), ids=lambda path: path.stem)
def test_links_of_the_documentation_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


def test_every_picture_of_the_guide_is_shown() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert [path.name for path in (ROOT / "docs" / "guide" / "images").glob("*.png") if path.name not in pages] == []


def test_decisions_fit_on_a_page() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(pages) >= 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {page.name[:4]} ", text), page.name
        assert len(text.splitlines()) <= 60, page.name


def test_a_letter_is_a_courriel_and_goes_to_an_adresse_electronique() -> None:
    other = re.compile(r"\b(?:e-mails?|mails?|mél|courrier électronique|adresse (?:de )?courriel)\b", re.IGNORECASE)
    unseen = re.compile(r"\{[%#].*?[%#]\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
    texts = [*SOURCE.rglob("*.html"), *(ROOT / "models").rglob("*.toml"), *(ROOT / "grids").rglob("*.toml")]
    found = [
        f"{path.relative_to(ROOT)}: {slip}"
        for path in texts
        for slip in other.findall(unseen.sub(" ", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_text_leaves_the_plural_to_its_reader() -> None:
    """« 2 paiements », by `counted` or Django's own `pluralize`: never « 2 paiement(s) »."""
    undecided = re.compile(r"[a-zà-ÿ]\((?:s|e|es|nt|x)\)(?=[ .,:;?!\"'»<]|$)", re.MULTILINE)
    code = re.compile(r"\{[^{}\n]*\}|\w+\.\w+\([^()]*\)|\b(?:str|int|len|set|list|plain)\(\w\)")
    found = [
        f"{path.relative_to(ROOT)}: {slip}"
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *(ROOT / "models").rglob("*.toml")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if (" " in line and ('"' in line or path.suffix != ".py"))
        for slip in undecided.findall(code.sub(" ", line))
    ]
    assert found == []


APART = {
    "billing/pes/apart.py",
    "billing/statements/apart.py",
    "bounded/strict_xml.py",
    "documents/apart.py",
    "documents/certificates.py",
    "documents/chain.py",
    "documents/envelopes.py",
    "documents/holder_reading.py",
    "documents/hybrid_tables.py",
    "documents/picture_reading.py",
    "documents/reading.py",
    "documents/verification.py",
    "parties/services/tables.py",
    "parties/services/workbooks.py",
}
"""What reads a stranger's file: called in a process of its own, by name (tripartite/bounded), and imported by none but
these."""
OURS = {
    "accounts/totp.py",  # secrets that we sealed
    "billing/printout/xml_tree.py",  # what we write
    "documents/facturx.py",  # in our own papers
    "cli/sample_files.py",  # what is shipped with the project
    "cli/setup.py",  # what is shipped with the project
    "conventions/printout/model_text.py",  # what is typed in our forms, tried apart first
    "documents/editable.py",  # the models that we write with,
    "documents/seal_key.py",  # our own key,
    "documents/sealing.py",  # on our own papers
    "documents/trial_certificates.py",
    "documents/trust_folder.py",  # the folder of whoever runs this
    "going_live/queries/checklists.py",
    "pricing/grid_reading.py",
    "upkeep/archive.py",  # the back-up of whoever runs this
}
PARSERS = re.compile(
    r"^\s*(?:from|import) (?:pyhanko|asn1crypto|cryptography|PIL|pikepdf|pypdf|lxml|xml|email\.parser|pickle|marshal)\b"
    r"|\bcsv\.(?:reader|DictReader)\b|\bload_workbook\b|\btomllib\.loads?\b|\bZipFile\((?![^)]*\"w\")|\btarfile\b",
    re.MULTILINE,
)


def test_a_strangers_file_is_parsed_apart() -> None:
    parsing = {str(path.relative_to(SOURCE)) for path in MODULES if PARSERS.search(path.read_text(encoding="utf-8"))}
    assert parsing - OURS - APART == set()


def test_what_reads_a_strangers_file_is_imported_by_none_but_its_like() -> None:
    inside = {f"tripartite.{name.removesuffix('.py').replace('/', '.')}" for name in APART}
    found = {
        f"{path.relative_to(SOURCE)}: {node.module}"
        for path in MODULES
        if str(path.relative_to(SOURCE)) not in APART
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in inside
    }
    assert found == {"documents/sealing.py: tripartite.documents.reading"}


def test_readers_apart_import_all_that_they_need_before_they_are_forked() -> None:
    """What a reader imports, it imports again for each file."""
    late = [
        f"{name}:{node.lineno}"
        for name in sorted(APART)
        for function in ast.walk(ast.parse((SOURCE / name).read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_readers_apart_reach_no_table() -> None:
    """A reader has neither the database nor a setting: it imports no model, and nothing that Django sets up."""
    code = "import sys; import {}; print([one for one in sys.modules if one.startswith('django.db') or one in {!r}])"
    models = sorted(f"tripartite.{path.parent.name}.models" for path in SOURCE.glob("*/models*"))
    for name in (
        "billing.pes.apart",
        "billing.statements.apart",
        "documents.apart",
        "documents.picture_reading",
        "parties.services.workbooks",
        "parties.services.tables",
    ):
        told = subprocess.run(
            [sys.executable, "-c", code.format(f"tripartite.{name}", models)],
            env={"PYTHONPATH": str(SOURCE.parent)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout == "[]\n"
