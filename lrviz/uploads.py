"""From the bytes of a visitor's file to lines of text, and the words in which a file is refused.

A refusal is one sentence in the form of every error here, "who: rule, got value", where who is the line of the file:
"line 14: temperature must be a number, got 'warm'". Nothing but the standard library is needed.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
LARGEST = 20 * 1024**2  # bytes, packed or not
MOST_LINES = 1_000_000
LONGEST_LINE = 100_000  # characters
AT_A_TIME = 300_000  # characters
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOK = "file: must be text, got a workbook (xlsx or the like); save the sheet as CSV"
BINARY = "file: must be text, got a .{} file; save the table as CSV"
WORKBOOKS = ("xlsx", "xlsm", "xlsb", "xls", "ods", "numbers")
BINARIES = (
    *(
        "parquet",
        "feather",
        "arrow",
        "orc",
        "nc",
        "nc4",
        "hdf",
        "h5",
        "hdf5",
        "grib",
        "grb",
        "grib2",
        "mat",
        "npy",
        "npz",
    ),
    *("pkl", "pickle", "rds", "rdata", "sav", "dta", "db", "sqlite", "mdb", "pdf", "doc", "docx", "odt", "ppt", "pptx"),
    *("png", "jpg", "jpeg", "gif"),
)
MAGIC = {b"PAR1": "parquet", b"ARROW1": "arrow", b"CDF": "nc", b"\x89HDF": "hdf5", b"GRIB": "grib", b"%PDF": "pdf"}


class ReadError(ValueError):
    """Why a file cannot be read, in one sentence for the person who brought it."""


@dataclass(frozen=True, eq=False)
class Text:
    """A file of text, decoded line by line as often as it is gone through: only its bytes are kept in memory."""

    raw: bytes
    encoding: str
    lines: int

    def blocks(self, first: int = 1, last: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """The lines from one to another, counted from 1, some thousands at a time: the number of the first, and the lines."""
        with io.TextIOWrapper(io.BytesIO(self.raw), self.encoding) as text:
            number = 1
            while (last is None or number <= last) and (lines := text.readlines(AT_A_TIME)):
                begin, end = max(first - number, 0), len(lines) if last is None else last + 1 - number
                if some := lines[begin:end]:
                    _check_length(number + begin, some)
                    yield number + begin, some
                number += len(lines)

    def numbered(self, first: int = 1, last: int | None = None) -> Iterator[tuple[int, str]]:
        """(number, line) for each of these lines, without its line break."""
        for number, lines in self.blocks(first, last):
            yield from enumerate((line.rstrip("\n") for line in lines), number)


def text_of(raw: bytes, name: str = "") -> Text:
    """A text file in UTF-8, UTF-16 (with its mark) or Windows-1252, unpacked if it is gzip; `name` is the file's, if known.

    ReadError: more than 20 MB or a million lines, a workbook or another file that is no text, damaged gzip.
    """
    _check_size(raw)
    _check_kind(raw, name.lower().rpartition(".")[2])
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw)
    for encoding in ("utf-16",) if raw.startswith(UTF_16) else ("utf-8-sig", "cp1252"):
        try:
            lines = _lines_in(raw, encoding)
        except UnicodeError:
            continue
        if lines > MOST_LINES:
            raise ReadError(f"file: must have at most {MOST_LINES:,} lines, got {lines:,}")
        return Text(raw, encoding, lines)
    raise ReadError("file: must be text, got bytes that no text has; save the table as CSV")


def _check_size(raw: bytes) -> None:
    if len(raw) > LARGEST:
        raise ReadError(f"file: must be at most {LARGEST // 1024**2} MB, also when unpacked, got more")


def _check_kind(raw: bytes, ending: str) -> None:
    """ReadError for what is no text by its name or its first bytes."""
    packed = raw[:4] == b"PK\x03\x04"
    inside = packed and (b"xl/" in raw or b"opendocument.spreadsheet" in raw[:200])
    if ending in WORKBOOKS or inside or raw[:4] == b"\xd0\xcf\x11\xe0":
        raise ReadError(WORKBOOK)
    kind = ending if ending in BINARIES else next((MAGIC[mark] for mark in MAGIC if raw.startswith(mark)), "")
    if kind:
        raise ReadError(BINARY.format(kind))
    if packed:
        raise ReadError("file: must be text, got a zip archive; unpack it and choose the file inside")


def _unpacked(raw: bytes) -> bytes:
    """The contents of gzip, never more of them than are allowed."""
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            raw = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise ReadError("file: must be text or gzip, got a gzip file that is damaged") from None
    _check_size(raw)
    return raw


def _check_length(number: int, lines: list[str]) -> None:
    if max(map(len, lines)) > LONGEST_LINE:
        number, got = next((n, len(line)) for n, line in enumerate(lines, number) if len(line) > LONGEST_LINE)
        raise ReadError(f"line {number}: must have at most {LONGEST_LINE:,} characters, got {got:,}")


def _lines_in(raw: bytes, encoding: str) -> int:
    """The number of lines. UnicodeError: there are bytes or characters that no text in this encoding has."""
    count = 1
    with io.TextIOWrapper(io.BytesIO(raw), encoding) as text:
        while some := text.read(AT_A_TIME):
            if CONTROL.search(some):
                raise UnicodeError("control characters")
            count += some.count("\n")
    return count


def chosen(what: str, choice: Any, options: tuple[T, ...]) -> T:
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
