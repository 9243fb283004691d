"""What is deposited on Chorus Pro in one go stays within what it takes, and loses no invoice."""

import io
import zipfile
from datetime import date

import pytest

from tripartite.billing.printout.deposit import LARGEST_FILE, TooLargeError, chorus_archives, file_name

ON = date(2026, 11, 27)


def held(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize(
    ("count", "expected"), [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1774, [500] * 3 + [274])]
)
def test_five_hundred_invoices_an_archive(count: int, expected: list[int]) -> None:
    files = [(f"LFN-F-2026-{place:05d}.pdf", b"%PDF") for place in range(count)]
    archives = list(chorus_archives(files, on=ON))

    assert [len(held(one)) for one in archives] == expected
    assert [item for one in archives for item in held(one).items()] == files


def test_an_archive_holds_no_more_than_it_may() -> None:
    files = [(f"{place}.pdf", bytes(LARGEST_FILE)) for place in range(13)]

    assert [len(held(one)) for one in chorus_archives(files, on=ON)] == [12, 1]


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooLargeError, match=r"x\.pdf"):
        list(chorus_archives([("x.pdf", bytes(LARGEST_FILE + 1))], on=ON))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"a-b\.pdf"):
        list(chorus_archives([("a b.pdf", b"1"), ("a/b.pdf", b"2")], on=ON))


def test_the_same_files_make_the_same_bytes() -> None:
    files = [("a.pdf", b"1"), ("b.pdf", b"2")]

    assert list(chorus_archives(files, on=ON)) == list(chorus_archives(iter(files), on=ON))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LFN-F-2026-00001.pdf", "LFN-F-2026-00001.pdf"),
        ("Facture n° 1, été.pdf", "Facture-n-1-t-.pdf"),
        ("../../etc/passwd.xml", "..-..-etc-passwd.xml"),
        ("x" * 80 + ".pdf", "x" * 46 + ".pdf"),
    ],
)
def test_a_name_is_one_that_chorus_pro_takes(name: str, expected: str) -> None:
    assert file_name(name) == expected
