"""Settings <-> query string.

The whole state of a page is in its address: a key and a plain value for every setting that is not at its
default, and nothing for the others. Numbers are written so that reading them gives the same float again;
lists are comma-separated; switches are 1 and 0. A bad entry in a link leaves its setting at the default and
is reported in one sentence; the rest of the link is honoured. What is wrong with a link is said in a few sentences at
most, and reading one costs little, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .params import Param
from .registry import did_you_mean

LONGEST_VALUE = 2000
MOST_ENTRIES = 1000  # twice as many as any page has settings; what comes after them is not read
SAID = 3  # unknown settings that are named, and bad values; the others are counted
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def to_text(param: Param, value: Any) -> str:
    """One setting as it stands in a link; nothing for an optional one that is not set."""
    if value is None:
        return ""
    if param.kind == "flag":
        return "1" if value else "0"
    if param.kind == "choices":
        return ",".join(value)
    if param.kind == "numbers":
        return ",".join(map(_number_text, value))
    return _number_text(value) if param.kind == "number" else str(value)


def _number_text(value: float) -> str:
    text = repr(float(value))
    return text.removesuffix(".0")


def from_text(param: Param, text: str, who: str) -> Any:
    """The setting a link's text stands for; ValueError in the form "who: name must be rule, got value"."""
    longest = max(LONGEST_VALUE, len(",".join(param.options)))
    if len(text) > longest:
        raise ValueError(f"{who}: {param.name} must be at most {longest} characters, got {len(text)}")
    return param.check(_plain(param, text), who)


def _plain(param: Param, text: str) -> Any:
    """The text as a plain value, or the text itself where it is none (the check then refuses it by name)."""
    if param.optional and not text:
        return None
    if param.kind == "flag":
        return {"1": True, "0": False}.get(text, text)
    if param.kind == "integer":
        return int(text) if _INTEGER.fullmatch(text) else text
    if param.kind == "number":
        return float(text) if _NUMBER.fullmatch(text) else text
    words = text.split(",") if text else []
    if param.kind == "choices":
        return tuple(words)
    if param.kind == "numbers":
        return tuple(float(w) for w in words) if all(_NUMBER.fullmatch(w) for w in words) else text
    return text


def encode(settings: Mapping[str, Any], params: Mapping[str, Param]) -> dict[str, str]:
    """The entries of the link: every setting that is not at its default, in the order of `params`."""
    return {
        key: to_text(param, settings[key])
        for key, param in params.items()
        if key in settings and settings[key] != param.default
    }


def decode(
    query: Iterable[tuple[str, str]], params: Mapping[str, Param], who: str = "link"
) -> tuple[dict[str, Any], list[str]]:
    """Every setting of a page, and a sentence for each entry that could not be honoured: of unknown settings and of bad
    values the first few are named, the others counted."""
    settings = {key: param.default for key, param in params.items()}
    given: dict[str, list[str]] = {}
    entries = iter(query)
    for key, text in islice(entries, MOST_ENTRIES):
        given.setdefault(key, []).append(text)
    problems: list[str] = []
    unknown, bad = 0, 0
    for key, texts in given.items():
        try:
            if key in params:
                settings[key] = from_text(params[key], _only(texts, key, who), who)
            else:
                unknown += 1
                problems += [_unknown(key, params, who)] if unknown <= SAID else []
        except ValueError as error:
            bad += 1
            problems += [str(error)] if bad <= SAID else []
    problems += [f"{who}: {_more(bad)} with a bad value"] if bad > SAID else []
    problems += [f"{who}: {_more(unknown)} that this page does not have"] if unknown > SAID else []
    problems += [f"{who}: only the first {MOST_ENTRIES} entries are read"] if next(entries, None) else []
    return settings, problems


def _only(texts: list[str], key: str, who: str) -> str:
    if len(texts) > 1:
        raise ValueError(f"{who}: {key} must be given once, got it {len(texts)} times")
    return texts[0]


def _unknown(key: str, params: Mapping[str, Param], who: str) -> str:
    return f"{who}: no setting is called {_shown(key)}{did_you_mean(key, params)}"


def _more(count: int) -> str:
    more = count - SAID
    return f"{more} more setting" + ("" if more == 1 else "s")


def _shown(key: str) -> str:
    return repr(key if len(key) <= 40 else key[:37] + "...")


def query_string(settings: Mapping[str, Any], params: Mapping[str, Param]) -> str:
    """The link's query, without the question mark; empty when everything is at its default."""
    return urlencode(encode(settings, params), safe=",.")


def parse(query: str) -> list[tuple[str, str]]:
    """The entries of a query string (with or without its question mark), blank values kept."""
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True)
