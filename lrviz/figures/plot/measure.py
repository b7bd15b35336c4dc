"""How wide text is in the figures' font, and lines broken by that: for figures drawn without the stage, which measures itself.

The widths are the font's own (static/lrviz-sans.json), without the little that pairs of letters move closer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any
from unicodedata import combining, east_asian_width

_TABLE = Path(__file__).parents[1] / "static" / "lrviz-sans.json"
KEY, KEY_GAP = "key", "    "  # the name of an annotation that is a key, and what stands between its entries
# As Plotly sets text, of the font's size: the height of a line, the baseline of the first one, sub- and superscripts.
LINE_HEIGHT, CAPITAL_HEIGHT, SCRIPT_SCALE = 1.3, 0.7, 0.7
PADDING = 6  # pixels


@cache
def _widths() -> dict[str, dict[str, float]]:
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        weight: {letter: width / table["per_em"] for letter, width in widths.items()}
        for weight, widths in table["widths"].items()
    }


def text_width(text: str, size: float) -> float:
    """The width in pixels of a line in Plotly's little HTML; letters that the font lacks are as wide as they usually are."""
    total, bold, scale = 0.0, 0, 1.0
    for part in re.split("(<[^>]*>)", text):
        if part.startswith("<"):
            end, tag = re.findall(r"<(/?)(\w*)", part)[0]
            if tag == "b":
                bold += -1 if end else 1
            elif tag in ("sub", "sup"):
                scale = 1.0 if end else SCRIPT_SCALE
            continue
        known = _widths()["bold" if bold > 0 else "regular"]
        letters = re.sub("&(lt|gt|amp);", "x", part)
        total += scale * sum(known.get(letter, _fallback_width(letter)) for letter in letters)
    return total * size


def _fallback_width(letter: str) -> float:
    return 0.0 if combining(letter) else 1.0 if east_asian_width(letter) in "WF" else 0.6


def wrapped(text: str, gap: str, across: float, size: float) -> str:
    """A text in lines no wider than `across`, broken between words or the entries of a key; as it is where its lines fit."""
    if all(text_width(line, size) <= across for line in text.split("<br>")):
        return text
    lines = [""]
    for part in re.split(" (?![^<]*>)" if gap == " " else gap, text.replace("<br>", gap)):
        longer = f"{lines[-1]}{gap}{part}" if lines[-1] else part
        if lines[-1] and text_width(longer, size) > across:
            lines.append(part)
        else:
            lines[-1] = longer
    inside: Callable[[str], str] = partial(wrapped, gap=" ", across=across, size=size) if gap != " " else str
    return "<br>".join(map(inside, lines))


def fitted(layout: dict[str, Any], across: float) -> dict[str, Any]:
    """A layout for a plot of this width: title and key in lines that fit, and room above the axes for them."""
    title, notes, margin = layout["title"], layout.get("annotations", ()), layout["margin"]
    available = across - margin["l"] - PADDING
    large, size = title["font"]["size"], layout["font"]["size"]
    text = wrapped(title["text"], " ", available, large)
    keys = {
        i: wrapped(note["text"], KEY_GAP, available, size) for i, note in enumerate(notes) if note.get("name") == KEY
    }
    more_title = text.count("<br>") - title["text"].count("<br>")
    more_key = max((key.count("<br>") - notes[i]["text"].count("<br>") for i, key in keys.items()), default=0)
    if not more_title and not more_key:
        return layout
    pad = title["pad"] | {"t": title["pad"]["t"] + CAPITAL_HEIGHT * large} if more_title else title["pad"]
    return layout | {
        "title": title | {"text": text, "pad": pad},
        "annotations": [note | {"text": keys[i]} if i in keys else note for i, note in enumerate(notes)],
        "margin": margin | {"t": margin["t"] + round(LINE_HEIGHT * (large * more_title + size * more_key))},
    }
