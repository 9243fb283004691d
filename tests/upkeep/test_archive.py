"""The file of a backup: damaged, cut, stuffed, lying, it is refused; nothing of it is written anywhere by its name."""

import json
import zipfile

import pytest

from tripartite.upkeep.archive import ArchiveWriter, Manifest, opened, row_line
from tripartite.upkeep.errors import BackupError

PDF = b"%PDF-1.7 un papier"


def written(path):
    """A backup of one table of two rows, one of which has a file."""
    with path.open("wb") as file, ArchiveWriter(file) as writer:
        kept = writer.add_file("files/documents.content/1-pdf.pdf", PDF)
        table = writer.add_table("documents.content", ("id", "pdf"), [row_line([1, kept]), row_line([2, None])])
        writer.add_text("settings.env", "TRIPARTITE_MODE=server\n")
        writer.finish(
            Manifest("0.2.0", "2026-11-27T03:30:00+00:00", "sqlite", {}, (table,), {}, (), writer.texts, ("la clé",))
        )
    return path


def changed(path, name, content):
    """The same file, one of its members replaced, its own sums right."""
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()} | {name: content}
    with zipfile.ZipFile(path, "w") as archive:
        for one, bytes_ in members.items():
            if bytes_ is not None:
                archive.writestr(one, bytes_)
    return path


def refused(path):
    with pytest.raises(BackupError) as refusal, opened(path) as reader:
        reader.check()
    return str(refusal.value)


def test_what_is_written_is_read_again(tmp_path):
    with opened(written(tmp_path / "b.zip")) as reader:
        assert reader.check() == 1
        (table,) = reader.manifest.tables
        assert (table.label, table.columns, table.rows) == ("documents.content", ("id", "pdf"), 2)
        assert list(reader.rows(table)) == [[1, PDF], [2, None]]
        assert reader.manifest.left_out == ("la clé",)


DAMAGED = "Ce fichier est abîmé, ou n'est pas une sauvegarde de Tripartite"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("files/documents.content/1-pdf.pdf", b"%PDF-1.7 UN PAPIER", "files/documents.content/1-pdf.pdf"),
        ("files/documents.content/1-pdf.pdf", b"x" * 10_000, "files/documents.content/1-pdf.pdf"),
        ("files/documents.content/1-pdf.pdf", None, "files/documents.content/1-pdf.pdf manque"),
        ("tables/documents.content.jsonl", b"[2,null]\n", "tables/documents.content.jsonl"),
        ("tables/documents.content.jsonl", b"{}\n", "tables/documents.content.jsonl"),
        ("tables/documents.content.jsonl", None, "tables/documents.content.jsonl manque"),
        ("settings.env", b"TRIPARTITE_MODE=local\n", "settings.env"),
        ("../../etc/passwd", b"root", "../../etc/passwd n'y a pas sa place"),
        ("manifest.json", None, "manifest.json"),
        ("manifest.json", b"{}", "manifest.json"),
        ("manifest.json", b"[" * 100_000, "manifest.json"),
        ("manifest.json", b'{"format": 1, "tables": 3, "schema": {}}', "manifest.json"),
    ],
)
def test_a_member_that_is_not_as_written_is_named(tmp_path, name, content, words):
    assert refused(changed(written(tmp_path / "b.zip"), name, content)) == f"{DAMAGED} ({words})."


def test_a_later_format_is_told(tmp_path):
    path = changed(written(tmp_path / "b.zip"), "manifest.json", json.dumps({"format": 2}).encode())
    assert refused(path) == "Cette sauvegarde est d'un format que cette version de Tripartite ne lit pas."


def test_any_cut_and_any_changed_byte_is_seen(tmp_path):
    whole = written(tmp_path / "b.zip").read_bytes()
    path = tmp_path / "cut.zip"
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        assert refused(path).startswith(DAMAGED)
    place = whole.index(PDF)
    path.write_bytes(whole[:place] + b"#" + whole[place + 1 :])
    assert refused(path).startswith(DAMAGED)


def test_a_member_twice_is_seen(tmp_path):
    path = written(tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("settings.env", "TRIPARTITE_MODE=server\n")
    assert refused(path) == f"{DAMAGED} (un membre deux fois n'y a pas sa place)."


def test_a_file_that_swells_is_read_no_further_than_it_says(tmp_path):
    """A member of a few kilobytes that would unfold into twenty megabytes is left at the size that its row says."""
    path = written(tmp_path / "b.zip")
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in members.items():
            archive.writestr(one, b"0" * 20_000_000 if one.endswith(".pdf") else content)
    assert path.stat().st_size < 200_000
    assert refused(path) == f"{DAMAGED} (files/documents.content/1-pdf.pdf)."


@pytest.mark.parametrize("content", [b"", b"PK", b"bonjour" * 100])
def test_what_is_no_backup_at_all(tmp_path, content):
    (tmp_path / "b.zip").write_bytes(content)
    assert refused(tmp_path / "b.zip") == f"{DAMAGED} (b.zip)."


def test_a_file_that_is_not_there(tmp_path):
    assert refused(tmp_path / "b.zip") == f"Impossible de lire {tmp_path / 'b.zip'} : ce fichier n'existe pas."
