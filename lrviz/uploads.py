"""From the bytes of a visitor's file to lines of text, and the words in which a file is refused.

A refusal is one sentence in the form of every error here, "who: rule, got value", where who is the line of the file:
"line 14: temperature must be a number, got 'warm'". Nothing but the standard library is needed.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable
from typing import Any

LARGEST = 20 * 1024**2  # bytes, packed or not
MOST_LINES = 1_000_000
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


class ReadError(ValueError):
    """Why a file cannot be read, in one sentence for the person who brought it."""


def lines_of(raw: bytes, name: str = "") -> list[str]:
    """The lines of a text file in UTF-8 or Windows-1252, unpacked if it is gzip; `name` is the file's name, if known.

    ReadError: more than 20 MB or a million lines, a workbook, a zip archive, damaged gzip, not text.
    """
    _check_size(raw)
    if name.lower().endswith(WORKBOOKS) or raw[:4] == b"\xd0\xcf\x11\xe0" or (raw[:2] == b"PK" and b"xl/" in raw):
        raise ReadError("file: must be text, got a workbook (xlsx or the like); save the sheet as CSV")
    if raw[:4] == b"PK\x03\x04":
        raise ReadError("file: must be text, got a zip archive; unpack it and choose the file inside")
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw)
    lines = _text(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise ReadError(f"file: must have at most {MOST_LINES:,} lines, got {len(lines):,}")
    return lines


def _check_size(raw: bytes) -> None:
    if len(raw) > LARGEST:
        raise ReadError(f"file: must be at most {LARGEST // 1024**2} MB, also when unpacked, got more")


def _unpacked(raw: bytes) -> bytes:
    """The contents of gzip, never more of them than are allowed."""
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            raw = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise ReadError("file: must be text or gzip, got a gzip file that is damaged") from None
    _check_size(raw)
    return raw


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise ReadError("file: must be text, got bytes that no text has; save the table as CSV")


def chosen(what: str, choice: Any, options: tuple) -> Any:
    """The one of the options that the choice is, or ReadError; None is a choice still to be made."""
    if choice in options:
        return options[options.index(choice)]
    names = listed(map(quoted, options))
    if choice is None:
        raise ReadError(f"{what}: must be chosen, it is one of {names}")
    raise ReadError(f"{what}: must be one of {names}, got {quoted(choice)}")


def quoted(value: Any) -> str:
    """A value in a sentence: 'TG', 2099, the mean of 'TMAX' and 'TMIN'; cut off where it is long."""
    if isinstance(value, tuple):
        return "the mean of " + " and ".join(map(quoted, value))
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."


def listed(words: Iterable[str], most: int = 8) -> str:
    """The first few words, and how many more there are."""
    words = [*words] or ["none"]
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")
