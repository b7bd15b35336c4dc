"""A reader of everything a page says: finds what no person would write.

`broken` takes one text and names what is wrong with it; `texts` collects all there is to read in a figure. Plotly's own
markup (<b>, <br>, <sub>, <span ...>) is no part of the words; hover texts are read as they are shown at a few points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .hover_texts import hover_texts

NOUNS = (
    "step|day|time|epoch|update|batch|sample|run|seed|minute|second|curve|direction|decade|point|optimizer|rate|year|"
    "schedule|saddle|column|row|reading|replica|budget|teeth|cycle|restart|warm-up|digit"
)
PLURALS = (
    "steps|days|times|epochs|updates|batches|samples|runs|seeds|minutes|seconds|curves|directions|decades|points|"
    "optimizers|rates|years|schedules|saddles|minima|columns|rows|readings|replicas|budgets|cycles|restarts|digits"
)
FORMS = {
    "a hyphen for a minus": r"(?:^|[\s(=±×≈<>≤≥])-(?=[\d.])",
    "minus zero": r"[-−]0(?![\d.,])|[-−]0\.0+(?!\d)",
    "an exponent of a programming language": r"\d[eE][-+−]?\d",
    "no number": r"\b(?:inf|nan|NaN|None|array|True|False)\b(?! of)|∞(?= (?:step|day|time|of))|\bnp\.|\[\]",
    "one of many": rf"(?<![\d.,/^(−-])\b1 (?:{PLURALS})\b",
    "many of one": rf"(?<![.,\d/])\b(?:0|[2-9]|[1-9]\d[\d,.]*) (?:{NOUNS})\b(?![-’'])",
    "one of many, hyphened": r"(?<![\d.,])1-fold\b|(?<![\d.,])1 times\b",
    "within nothing": r"\bwithin 0\b(?!\.)|\bby 0\b(?!\.) (?:%|steps)",
    "a space too many": r"\S {2,}\S| [.,;:!?)](?=\s|$)|\( ",
    "a stop too many": r"[.,;:]{2,}(?!\.)|[,;:]$",
    "LaTeX": r"\\[a-zA-Z]+|\$",
    "an identifier": r"\b[A-Za-z]+_[a-z]\w*",
    "an open slot": r"(?<![XYJ])\{|(?<![XYJ]\{t)(?<!\d)\}",  # X{t} and J{5,000} are the lecture's names
    "a range from a number to itself": r"(?<![\d.,−])(−?[\d.,]*\d) (?:to|–) \1(?![\d.,]| ×)",
    "digits without end": r"\.\d{8,}|(?<![\d.,⁻#])\d{5,}(?![\d.,])",
    "a small letter after a full stop": r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\d)\. [a-z]",
    "an empty quotation": r"“”|\"\"|\(\)",
}
_FORMS = {what: re.compile(form) for what, form in FORMS.items()}
_MARKUP = re.compile(r"<extra>.*?</extra>|<br ?/?>|</?(?:b|i|sub|sup|span|em|strong|a)\b[^>]*>")


def words(text: str) -> str:
    """The text without markup."""
    plain = _MARKUP.sub(lambda found: " " if found[0].startswith("<br") else "", text)
    return plain.replace("&lt;", "<").replace("&amp;", "&").strip()


def broken(text: str) -> list[str]:
    """What is wrong with a text, each with the place; the empty list for a sound one."""
    plain = words(text)
    return [f"{what}: …{plain[max(found.start() - 25, 0) : found.end() + 25]}…" for what, form in _FORMS.items() for found in form.finditer(plain)]  # fmt: skip


def sentence_broken(text: str) -> list[str]:
    """The same for whole sentences, which also begin and end as sentences do."""
    plain = words(text)
    odd = []
    if not re.match(r"[A-Z0-9“(α-ωΑ-Ω‖√−]", plain):
        odd.append(f"begins small: {plain[:30]}…")
    if not re.search(r"[.!?…][)”]?$", plain):
        odd.append(f"does not end: …{plain[-30:]}")
    return odd + broken(text)


def texts(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(where, text) of all that can be read in a figure: titles, axes, notes, keys, names, tooltips, bars, the alternative."""
    layout = spec["layout"]
    for key, part in layout.items():
        if key == "title" or key.startswith(("xaxis", "yaxis")):
            title = part.get("text", "") if key == "title" else (part.get("title") or {}).get("text", "")
            yield f"layout.{key}", title
        if key.startswith(("xaxis", "yaxis")):
            yield from ((f"layout.{key}.ticks", str(tick)) for tick in part.get("ticktext") or ())
    for note in layout.get("annotations") or ():
        gap = "    "  # between the entries of a key
        yield from ((f"note {note.get('name', '')}", part) for part in str(note.get("text", "")).split(gap))
    meta = layout.get("meta") or {}
    yield "alt", meta.get("alt", "")
    if meta.get("bar"):
        yield "bar", str(meta["bar"].get("label", ""))
    for i, trace in enumerate(spec["data"]):
        for field in ("text", "hovertext"):
            value = trace.get(field)
            many = value if isinstance(value, (list, tuple)) else [value] if isinstance(value, str) else []
            yield from ((f"trace {i} {field}", str(one)) for one in many)
    yield from hover_texts(spec)
