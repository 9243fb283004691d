"""Make anew the typeface of screens from the one of papers: `make typeface`.

Only the characters that French and its neighbours need, as WOFF2: 45 kB instead of 646. The licence (OFL, « Source » is
a reserved name) lets anyone make and give such a thing away under another name: Tripartite Sans.
"""

import shutil
from pathlib import Path

import fontpkg_source_sans_3

FAMILY = "Tripartite Sans"
FOLDER = Path(__file__).parents[1] / "src/tripartite/web/static/web/fonts"
SOURCES = {"TripartiteSans": "SourceSans3[wght].ttf", "TripartiteSans-Italic": "SourceSans3-Italic[wght].ttf"}
RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A: the names of Europe
    (0x0218, 0x021B),
    (0x02B0, 0x02B8),  # « ʳ » of 1ᵉʳ
    (0x02C6, 0x02DD),
    (0x0300, 0x030C),
    (0x0327, 0x0328),
    (0x1D49, 0x1D49),
    (0x2009, 0x2022),  # spaces, dashes, quotation marks, bullets
    (0x2026, 0x2026),
    (0x202F, 0x2033),
    (0x2039, 0x203A),
    (0x2044, 0x2044),
    (0x2070, 0x208E),
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
    (0x2153, 0x215E),
    (0x2190, 0x2193),
    (0x2212, 0x2215),
    (0x2248, 0x2265),
    (0x25A0, 0x25CF),
    (0x2713, 0x2717),
)
"""What screens say and people type, the first and last of each run; any other comes from the machine's fonts."""
FEATURES = [
    *("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "case"),
    *("lnum", "tnum", "pnum", "ordn", "sups", "frac", "numr", "dnom"),
]
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
"""Copyright, names, trademark, licence: what the licence asks to keep, and what is renamed."""
RENAMED = {1: "{family}", 3: "{file}", 4: "{family}", 6: "{file}", 16: "{family}"}


def main() -> None:
    """Write both files, and the licence beside them."""
    from fontTools import subset  # noqa: PLC0415 - brought by `make typeface`, and by nothing else
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    package = fontpkg_source_sans_3.ROOT
    FOLDER.mkdir(exist_ok=True)
    for name, source in SOURCES.items():
        font = TTFont(package / "files" / source, recalcTimestamp=False)
        options = subset.Options(layout_features=FEATURES, name_IDs=KEPT_NAMES, flavor="woff2")
        cut = subset.Subsetter(options)
        cut.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
        cut.subset(font)
        for record in font["name"].names:
            if record.nameID in RENAMED:
                record.string = RENAMED[record.nameID].format(family=FAMILY, file=name)
        font.flavor = "woff2"
        font.save(FOLDER / f"{name}.woff2")
    shutil.copyfile(package / "LICENSE", FOLDER / "OFL.txt")


if __name__ == "__main__":
    main()
