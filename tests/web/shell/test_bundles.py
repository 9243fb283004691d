"""What a browser fetches for a page: one stylesheet, one script, made of every source of the tree."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django_htmx import jinja
from docs.typeface import RANGES

from tests.web.shell.test_stylesheet import FOLDER
from tripartite.documents.glyphs import printable_text
from tripartite.web.shell.bundles import BUNDLES, SCRIPTS, STYLES, BundledStorage

SOURCES = FOLDER.parents[2]


def test_every_source_is_in_a_bundle_once():
    assert sorted(STYLES) == sorted(f"web/{path.name}" for path in FOLDER.glob("*.css"))
    ours = sorted(f"web/{path.name}" for path in FOLDER.glob("*.js"))
    assert sorted(SCRIPTS) == sorted([*ours, "django_htmx/htmx-2.min.js"])


def test_templates_link_nothing_else():
    linked = {
        (path.name, name)
        for path in (FOLDER.parents[1] / "templates").rglob("*.html")
        for tag in re.findall(r"<link rel=\"stylesheet\"[^>]*>|<script src[^>]*>", path.read_text())
        for name in re.findall(r"'([^']+)'", tag)
    }
    assert linked == {
        ("base.html", "looks-style"),
        ("base.html", "web/pages.css"),
        ("base.html", "web/pages.js"),
        ("look.html", "looks-style"),
        ("plain.html", "web/pages.css"),
    }


@pytest.fixture
def found():
    """What collecting finds, as Django hands it to the storage."""
    htmx = FileSystemStorage(Path(jinja.__file__).parent / "static" / "django_htmx")
    fonts = FileSystemStorage(FOLDER / "fonts")
    return {
        **{f"web/{path.name}": (FileSystemStorage(FOLDER), path.name) for path in FOLDER.iterdir() if path.is_file()},
        **{f"web/fonts/{name}": (fonts, name) for name in fonts.listdir("")[1]},
        "django_htmx/htmx-2.min.js": (htmx, "htmx-2.min.js"),
    }


def test_bundles_are_named_by_their_content_and_compressed(found, tmp_path):
    storage = BundledStorage(location=tmp_path, base_url="/static/")
    for name, (source, path) in found.items():
        with source.open(path) as file:
            storage.save(name, file)
    list(storage.post_process(dict(found)))
    named = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for name, parts in BUNDLES.items():
        served = tmp_path / named[name]
        assert re.fullmatch(r"web/pages\.[0-9a-f]{12}\.(css|js)", named[name])
        assert served.with_name(served.name + ".gz").is_file()
        text = served.read_text()
        places = [text.index(Path(found[part][0].path(found[part][1])).read_text()[:60]) for part in parts]
        assert places == sorted(places)
    style = (tmp_path / named["web/pages.css"]).read_text()
    assert re.findall(r'url\("([^"]*)"\)', style) == [
        named[f"web/fonts/TripartiteSans{slant}.woff2"].removeprefix("web/") for slant in ("", "-Italic")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["estimator", "login", "verification"])
def test_a_page_asks_for_few_files(client, door):
    page = client.get(reverse(door)).content.decode()
    fetched = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]*(?:href|src)="([^"]+)"', page)
    assert sorted(set(fetched)) == [
        "/couleurs.css",
        "/static/web/mark.svg",
        "/static/web/pages.css",
        "/static/web/pages.js",
    ]


def test_the_typeface_of_screens_has_every_character_that_they_say():
    written = {
        character
        for folder in (FOLDER.parents[1], SOURCES / "pricing", SOURCES / "cli")
        for path in [*folder.rglob("*.html"), *folder.rglob("*.py"), *folder.rglob("*.css"), *folder.rglob("*.js")]
        for character in path.read_text(encoding="utf-8")
        if character > "\x7e" and printable_text(character) == character
    }
    assert written > set("éœ’€→")
    assert [one for one in sorted(written) if not any(first <= ord(one) <= last for first, last in RANGES)] == []


def test_both_files_are_woff2_under_a_name_that_the_licence_allows():
    files = sorted((FOLDER / "fonts").iterdir())
    assert [path.name for path in files] == ["OFL.txt", "TripartiteSans-Italic.woff2", "TripartiteSans.woff2"]
    assert {path.read_bytes()[:4] for path in files[1:]} == {b"wOF2"}
    assert all(path.stat().st_size < 50_000 for path in files[1:])
    assert "Reserved Font Name 'Source'" in files[0].read_text(encoding="utf-8")
