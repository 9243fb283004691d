"""A backup that the version before wrote, put back by this one: its tables first, brought up to date, compared."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.documents.racing import ROOT
from tests.faults.bases import Base
from tests.faults.conftest import Installation
from tripartite.upkeep.archive import ArchiveReader, ArchiveWriter, Manifest, TableKept, opened, row_line
from tripartite.upkeep.tables import columns_of, fields_of, kept_models

pytestmark = [pytest.mark.django_db, pytest.mark.faults]


def command(installation: Installation, base: Base, *words: str) -> str:
    """What a command of the application says on a base; it must end well."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tripartite.cli.main import main; sys.exit(main())", *words],
        cwd=ROOT,
        env={**installation.environment, "DATABASE_URL": base.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def targets_before(loader: MigrationLoader, leaves: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A state that was: without the last migration of each application that has several and on whose last none of
    another application rests.
    """
    found = []
    for leaf in leaves:
        node = loader.graph.node_map[leaf]
        parents = [parent.key for parent in node.parents if parent.key[0] == leaf[0]]
        rested_on = {child.key[0] for child in node.children} - {leaf[0]}
        found.append(leaf if rested_on or not parents else parents[0])
    return found


def written_before(backup: Path, older: Path) -> Manifest:
    """The same backup as the version before the last migration of each application would have written it."""
    loader = MigrationLoader(connection)
    with opened(backup) as reader, older.open("wb") as file, ArchiveWriter(file) as writer:
        leaves = [(app, name) for app, names in reader.manifest.schema.items() for name in names]
        targets = targets_before(loader, leaves)
        state = loader.project_state(targets)
        past = {model._meta.label_lower: model for model in kept_models(state.apps)}
        tables = []
        for table in reader.manifest.tables:
            if table.label in past:
                columns = columns_of(past[table.label])
                lines = rows_before(reader, writer, table, fields_of(past[table.label], columns))
                tables.append(writer.add_table(table.label, columns, lines))
        manifest = Manifest(
            **{
                **{name: getattr(reader.manifest, name) for name in Manifest.__dataclass_fields__},
                "schema": {app: (name,) for app, name in targets},
                "tables": tuple(tables),
                "texts": {},
            }
        )
        writer.finish(manifest)
    return manifest


def rows_before(reader: ArchiveReader, writer: ArchiveWriter, table: TableKept, fields: list[Any]) -> Iterator[bytes]:
    key = next(field.attname for field in fields if field.primary_key)
    for row in reader.rows(table):
        known = dict(zip(table.columns, row, strict=True))
        values = [(field.attname, known.get(field.attname, field.get_default())) for field in fields]
        yield row_line(
            writer.add_file(f"files/{table.label}/{known[key]}-{name}{suffix_of(value)}", value)
            if isinstance(value, bytes)
            else value
            for name, value in values
        )


def suffix_of(content: bytes) -> str:
    return ".pdf" if content.startswith(b"%PDF") else ""


def test_a_backup_of_the_version_before_is_put_back_and_brought_up_to_date(
    installation: Installation, tmp_path: Path
) -> None:
    source, target = installation.copied("older"), installation.base.empty(f"{installation.base.stem}_restored")
    try:
        command(installation, source, "backup", "--to", str(tmp_path / "now"))
        (backup,) = (tmp_path / "now").iterdir()
        manifest = written_before(backup, tmp_path / backup.name)
        assert manifest.schema != json.loads(json.dumps(leaves_of(source)))
        said = command(installation, target, "restore", str(tmp_path / backup.name))
        assert "Les tables étaient celles d'une version plus ancienne : elles sont à jour." in said
        assert leaves_of(target) == leaves_of(source)
        kept, papers = source.rows(), ("documents_document", "documents_content", "documents_counter", "quotes_quote")
        found = target.rows()
        assert {name: found[name] for name in papers} == {name: kept[name] for name in papers}
        counts = {
            name: len(rows) for name, rows in kept.items() if name.startswith(("quotes", "conventions", "billing"))
        }
        assert {name: len(found[name]) for name in counts} == counts
    finally:
        source.drop()
        target.drop()


def leaves_of(base: Base) -> dict[str, tuple[str, ...]]:
    """The last migrations of each application of ours that a base has."""
    loader = MigrationLoader(None)
    done = {(app, name) for app, name in base.ask("SELECT app, name FROM django_migrations")}
    leaves = [key for key in loader.graph.leaf_nodes() if key in done]
    return {app: (name,) for app, name in leaves}
