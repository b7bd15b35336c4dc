"""The provenance of a picture, a few short texts by name, written into the picture's file.

Every format has its own place for it: an element of an SVG, text chunks of a PNG, the document information of a PDF.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Mapping
from html import escape

_PDF_END = re.compile(rb"trailer\s*<<(?P<trailer>.*?)>>\s*startxref\s*(?P<xref>\d+)\s*%%EOF\s*\Z", re.DOTALL)
_PDF_TRAILER_ENTRY = re.compile(rb"/(Size|Root)\s+(\d+(?:\s+\d+\s+R)?)")  # /Size 7, /Root 1 0 R


def into_svg(data: bytes, provenance: Mapping[str, str]) -> bytes:
    """The provenance as JSON in a <metadata> element, the first in the drawing."""
    end = data.index(b">", data.index(b"<svg")) + 1
    words = escape(json.dumps(dict(provenance), ensure_ascii=False), quote=False)
    return data[:end] + f"<metadata>{words}</metadata>".encode() + data[end:]


def into_png(data: bytes, provenance: Mapping[str, str]) -> bytes:
    """Each text as an iTXt chunk (the one for Unicode; PNG, third edition, 11.3.3.4) behind the header chunk."""
    end = 8 + 25  # the signature and the header chunk IHDR, whose sizes never change
    chunks = b"".join(_chunk(b"iTXt", f"lrviz:{key}\0\0\0\0\0{text}".encode()) for key, text in provenance.items())
    return data[:end] + chunks + data[end:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def into_pdf(data: bytes, title: str, provenance: Mapping[str, str]) -> bytes:
    """Title and provenance as the document's information, in an incremental update (ISO 32000-1, 7.5.6) at the end.

    A file that ends in a cross-reference stream instead of a table is returned as it is; Chrome writes tables.
    """
    end = _PDF_END.search(data)
    if end is None:
        return data
    trailer = dict(_PDF_TRAILER_ENTRY.findall(end["trailer"]))
    size = int(trailer[b"Size"])
    entries = {"Title": title, "Creator": "lrviz"} | {f"lrviz:{key}": text for key, text in provenance.items()}
    info = "".join(f"/{key} <FEFF{text.encode('utf-16-be').hex()}>\n" for key, text in entries.items())
    body = f"\n{size} 0 obj\n<<\n{info}>>\nendobj\n".encode()
    table = f"xref\n{size} 1\n{len(data) + 1:010d} 00000 n \n".encode()
    update = b"trailer\n<</Size %d\n/Root %s\n/Info %d 0 R\n/Prev %s>>\n" % (
        size + 1,
        trailer[b"Root"],
        size,
        end["xref"],
    )
    return data + body + table + update + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(body))
