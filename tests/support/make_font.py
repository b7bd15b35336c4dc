"""How lrviz Sans was made: Noto Sans, cut down to what the app writes, with the signs that it lacks from its relatives.

    apt-get download fonts-noto-core=20201225-1 && dpkg-deb -x fonts-noto-core_20201225-1_all.deb noto
    pip install fonttools==4.68.0 brotli==1.2.1
    python tests/support/make_font.py noto/usr/share/fonts/truetype/noto

It writes lrviz/figures/static/lrviz-sans-*.woff2 and the widths of their letters, lrviz-sans.json. Noto is licensed under
the SIL Open Font License 1.1 without reserved names (lrviz-sans-LICENSE.txt). The strokes of keys are drawn here.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[2] / "lrviz" / "figures" / "static"
FAMILY, VERSION = "lrviz Sans", "1.000"
SOURCES = {  # file: how its SHA-256 begins
    "NotoSans-Regular.ttf": "89c3c497f618fdaa",
    "NotoSans-Bold.ttf": "e83493c945848ecd",
    "NotoSansMath-Regular.ttf": "8242bd1e55368b27",
    "NotoSansSymbols-Regular.ttf": "24b615ceb7d50a2c",
    "NotoSansSymbols2-Regular.ttf": "876598db5f1e3bef",
}
WEIGHTS = {"Regular": 400, "Bold": 700}
RANGES = (  # Latin with accents, Greek, small letters and digits, punctuation
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x2B0, 0x2B8), (0x2C6, 0x2DD), (0x300, 0x308), (0x37E, 0x3FF),
    (0x1D43, 0x1D6A), (0x1E9E, 0x1E9E), (0x2002, 0x200B), (0x2010, 0x2027), (0x202F, 0x203A), (0x2070, 0x209C), (0x20AC, 0x20AC),
    (0xFFFD, 0xFFFD),
)  # fmt: skip
SIGNS = (
    "ℂℓℕℙℚℝℤ№™Å⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞←↑→↓↔↕↖↗↘↙↦↩↪↶↷↺↻⇄⇐⇑⇒⇓⇔∀∂∃∅∆∇∈∉∋∏∑−∓∕∗∘∙√∛∝∞∠∣∥∧∨∩∪∫∬∮∴∵∼≃≅≈≠≡≤≥≪≫⊂⊃⊆⊇⊕⊖⊗⊙⊤⊥⋅⋆⋮⋯⋱⌈⌉⌊⌋⟨⟩"
    "■□▪▫▲△▴▶▷▸▼▽▾◀◁◂◆◇◉○◌●◐◑◦★☆✓✔✕✖✗✘✚❚"
)
MIDDLE, BOX = 300, 600  # of the strokes: their height above the line, the width of each


def strokes() -> dict[str, tuple[int, list[tuple[int, int, int, int]]]]:
    """What stands for a line in a key: width and rectangles (left, bottom, right, top) of each character."""
    heavy, light = (MIDDLE - 70, MIDDLE + 70), (MIDDLE - 22, MIDDLE + 22)

    def row(spans, height):
        return BOX, [(left, height[0], right, height[1]) for left, right in spans]

    return {
        "━": row([(0, BOX)], heavy),
        "╍": row([(35, 265), (335, 565)], heavy),
        "┅": row([(45, 155), (245, 355), (445, 555)], heavy),
        "─": row([(0, BOX)], light),
        "▏": (220, [(70, 0, 150, 714)]),
    }


def box(rectangles):
    """A glyph of rectangles."""
    pen = TTGlyphPen(None)
    for left, bottom, right, top in rectangles:
        pen.moveTo((left, bottom))
        for point in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def minus(font: TTFont) -> tuple[int, list[tuple[int, int, int, int]]]:
    """The bar of the plus sign, alone."""
    name = font.getBestCmap()[ord("+")]
    plus = font["glyf"][name]
    heights = sorted({y for _, y in plus.coordinates})  # bottom, bar, bar, top
    return font["hmtx"][name][0], [(plus.xMin, heights[1], plus.xMax, heights[2])]


def add(font: TTFont, code: int, glyph, width: int) -> None:
    """One more character."""
    name = f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (width, getattr(glyph, "xMin", 0))
    for table in font["cmap"].tables:
        table.cmap[code] = name


def borrowed(font: TTFont, code: int):
    """A glyph of another font and its width."""
    name, glyphs = font.getBestCmap()[code], font.getGlyphSet()
    record, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
    glyphs[name].draw(record)
    record.replay(pen)
    return pen.glyph(), font["hmtx"][name][0]


def made(folder: Path, weight: str) -> TTFont:
    """lrviz Sans in one weight."""
    font = TTFont(folder / f"NotoSans-{weight}.ttf")
    relatives = [TTFont(folder / name) for name in SOURCES if not name.startswith("NotoSans-")]
    wanted = {code for low, high in RANGES for code in range(low, high + 1)} | set(map(ord, SIGNS))
    options = Options(hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=[], notdef_outline=True)
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    drawn = strokes() | {"−": minus(font)}
    for sign, (width, rectangles) in drawn.items():
        if ord(sign) not in font.getBestCmap():
            add(font, ord(sign), box(rectangles), width)
    for code in sorted(wanted - set(font.getBestCmap())):
        source = next((other for other in relatives if code in other.getBestCmap()), None)
        if source:
            add(font, code, *borrowed(source, code))
    named(font, weight)
    return font


def named(font: TTFont, weight: str) -> None:
    """Its name, whose work it is, and the licence."""
    words = {
        0: "Copyright 2015-2020 Google LLC. All Rights Reserved. Changes for lrviz: cut down, signs added, renamed.",
        1: FAMILY, 2: weight, 3: f"{VERSION};lrvizSans-{weight}", 4: f"{FAMILY} {weight}", 5: f"Version {VERSION}", 6: f"lrvizSans-{weight}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.", 14: "https://openfontlicense.org",
    }  # fmt: skip
    for key, text in words.items():
        font["name"].setName(text, key, 3, 1, 0x409)
    font["OS/2"].recalcUnicodeRanges(font)
    font["maxp"].recalc(font)


def main(folder: Path) -> None:
    for name, start in SOURCES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if not found.startswith(start):
            raise SystemExit(f"{name} is another version: its SHA-256 is {found}")
    widths = {}
    for weight in WEIGHTS:
        font = made(folder, weight)
        font.flavor = "woff2"
        font.save(TARGET / f"lrviz-sans-{weight.lower()}.woff2", reorderTables=True)
        widths[weight.lower()] = {chr(code): font["hmtx"][name][0] for code, name in sorted(font.getBestCmap().items())}
    text = json.dumps({"family": FAMILY, "per_em": 1000, "widths": widths}, ensure_ascii=False, separators=(",", ":"))
    (TARGET / "lrviz-sans.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
