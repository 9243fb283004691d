"""The file of a backup: a ZIP that names each of its members and their sha256 in `manifest.json`.

Tables are members of one JSON line per row, so that either database can read what the other wrote. Bytes (papers,
deposited files) are members of their own, under `files/`, which anybody can open without the application. Reading one
never writes to the disk under a name that the file gives: nothing in it can lead out of it.
"""

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Self

from tripartite.file_errors import reason
from tripartite.upkeep.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 256 * 1024 * 1024
CHUNK = 1024 * 1024
FILE = "$file"
"""In a row, what stands for bytes: the name of their member, their size and their sha256."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError)
DAMAGED = "Ce fichier est abîmé, ou n'est pas une sauvegarde de Tripartite"


@dataclass(frozen=True, slots=True)
class TableKept:
    """A table in a backup: its label (`quotes.quote`), its columns in order, how many rows, what its member holds."""

    label: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.label}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    version: str
    made_at: str
    database: str
    schema: Mapping[str, tuple[str, ...]]
    tables: tuple[TableKept, ...]
    papers: Mapping[str, Any]
    counters: tuple[tuple[str, str, int, int], ...]
    texts: Mapping[str, str]
    left_out: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def row_line(values: Iterable[object]) -> bytes:
    """A row as its member writes it: one line, the same whatever the database."""
    return json.dumps(list(values), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


class ArchiveWriter:
    """Writes the members of a backup one after the other, then its manifest; a context manager."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED, allowZip64=True)
        self.texts: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        with suppress(OSError):  # one that failed already: it is let go of, whatever it says
            self._zip.close()

    def add_table(self, label: str, columns: Iterable[str], rows: Iterable[bytes]) -> TableKept:
        """Write a table; its files may be added while its rows come."""
        digest, number, size = sha256(), 0, 0
        with SpooledTemporaryFile(max_size=32 * CHUNK) as lines:
            for line in rows:
                digest.update(line)
                number, size = number + 1, size + len(line)
                lines.write(line)
            lines.seek(0)
            kept = TableKept(label, tuple(columns), number, size, digest.hexdigest())
            with self._zip.open(kept.member, "w", force_zip64=True) as member:
                while chunk := lines.read(CHUNK):
                    member.write(chunk)
        return kept

    def add_file(self, name: str, content: bytes) -> dict[str, object]:
        """Write bytes as a member of their own; answers what stands for them in the row."""
        self._zip.writestr(name, content, compress_type=zipfile.ZIP_STORED)
        return {FILE: name, "size": len(content), "sha256": sha256(content).hexdigest()}

    def add_text(self, name: str, text: str) -> None:
        """Write a text beside the tables, for people: settings, certificates."""
        self._zip.writestr(name, text)
        self.texts[name] = sha256(text.encode()).hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and the end of the file."""
        self._zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1))
        self._zip.close()


class ArchiveReader:
    """A backup, read member by member; each is checked as it is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self.manifest = self._read_manifest()

    def rows(self, table: TableKept) -> Iterator[list[Any]]:
        """The rows of a table, their files read. Raises BackupError, at the end too, when they are not as written."""
        digest, number, size = sha256(), 0, 0
        with self._member(table.member) as member:
            while line := member.readline(LONGEST_LINE):
                digest.update(line)
                number, size = number + 1, size + len(line)
                if size > table.size:
                    break
                row = json.loads(line)
                if not isinstance(row, list) or len(row) != len(table.columns):
                    raise BackupError(f"{DAMAGED} ({table.member}).")
                yield [self._value(value) for value in row]
        if (number, size, digest.hexdigest()) != (table.rows, table.size, table.sha256):
            raise BackupError(f"{DAMAGED} ({table.member}).")

    def check(self) -> int:
        """Read all of it; how many files it holds. Raises BackupError at the first member that is not as written, and
        for one that nothing names."""
        named = {MANIFEST, *self.manifest.texts, *(table.member for table in self.manifest.tables)}
        for name, expected in self.manifest.texts.items():
            if sha256(self._bytes(name, self._zip.getinfo(name).file_size)).hexdigest() != expected:
                raise BackupError(f"{DAMAGED} ({name}).")
        files = self._zip.namelist()
        self._files: set[str] = set()
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass
        if sorted(files) != sorted(named | self._files):
            strange = sorted(set(files) - named - self._files) or ["un membre deux fois"]
            raise BackupError(f"{DAMAGED} ({strange[0]} n'y a pas sa place).")
        return len(self._files)

    _files: set[str] | None = None

    def _value(self, value: object) -> object:
        if not (isinstance(value, dict) and FILE in value):
            return value
        content = self._bytes(str(value[FILE]), int(value["size"]))
        if sha256(content).hexdigest() != value["sha256"]:
            raise BackupError(f"{DAMAGED} ({value[FILE]}).")
        if self._files is not None:
            self._files.add(str(value[FILE]))
        return content

    def _bytes(self, name: str, size: int) -> bytes:
        with self._member(name) as member:
            content = member.read(size + 1)
        if len(content) != size:
            raise BackupError(f"{DAMAGED} ({name}).")
        return content

    @contextmanager
    def _member(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(name) as member:
                yield member
        except KeyError:
            raise BackupError(f"{DAMAGED} ({name} manque).") from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
            RuntimeError,
        ) as error:
            raise BackupError(f"{DAMAGED} ({name} : {error}).") from None

    def _read_manifest(self) -> Manifest:
        try:
            said = json.loads(self._bytes(MANIFEST, min(self._zip.getinfo(MANIFEST).file_size, LARGEST_MANIFEST)))
            if said.pop("format") != FORMAT:
                raise BackupError("Cette sauvegarde est d'un format que cette version de Tripartite ne lit pas.")
            said["tables"] = tuple(
                TableKept(**{**table, "columns": tuple(table["columns"])}) for table in said["tables"]
            )
            said["schema"] = {app: tuple(names) for app, names in said["schema"].items()}
            said["counters"] = tuple((one[0], one[1], one[2], one[3]) for one in said["counters"])
            said["left_out"] = tuple(said["left_out"])
            return Manifest(**said)
        except (KeyError, TypeError, AttributeError, IndexError, ValueError, RuntimeError):
            raise BackupError(f"{DAMAGED} ({MANIFEST}).") from None


@contextmanager
def opened(path: Path) -> Iterator[ArchiveReader]:
    """A backup to be read. Raises BackupError when it cannot be."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise BackupError(f"Impossible de lire {path} : {reason(error)}.") from None
    except zipfile.BadZipFile:
        raise BackupError(f"{DAMAGED} ({path.name}).") from None
    with archive:
        yield ArchiveReader(archive)
