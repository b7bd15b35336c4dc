"""Text that a visitor brought, in an address or a file, between words of our own: shown as it is, never as Markdown.

Streamlit reads most of what it shows as Markdown. A backslash takes the meaning from a mark, but some things are looked for in the
text once the Markdown has been read: addresses, emoji, icons and colours. Those are broken by an invisible word joiner.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
_KEPT = "\u200c\u200d"  # joiners that scripts and emoji need; other characters without a picture can hide or turn round what is read
_MARKS = re.compile(r"[\\`*_\[\]<>$&~|]")
_START = re.compile(r"^(\d+(?=[.)])|(?=[#+=-]))")  # a heading, a list, a rule, where nothing else stands before it
_JOINED = re.compile(r":(?! )|@|www(?=\.)", re.IGNORECASE)


def line(text: object, longest: int | None = None) -> str:
    """The text on one line and in visible characters, cut off where it is longer than wanted."""
    words = " ".join(str(text).split())
    seen = "".join(c if c.isprintable() or c in _KEPT else "\ufffd" for c in words)
    return seen if longest is None or len(seen) <= longest else seen[: longest - 1] + "…"


def escaped(text: object, longest: int | None = None) -> str:
    """Markdown that shows the text, on one line, as it is."""
    marked = _START.sub(r"\1\\", _MARKS.sub(r"\\\g<0>", line(text, longest)))
    return _JOINED.sub(rf"\g<0>{JOINER}", marked)
