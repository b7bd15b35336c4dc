"""Settings <-> query string.

The whole state of a page is in its address: a key and a plain value for every setting that is not at its
default, and nothing for the others. Numbers are written so that reading them gives the same float again;
lists are comma-separated; switches are 1 and 0. A bad entry in a link leaves its setting at the default and
is reported in one sentence; the rest of the link is honoured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .params import Param
from .registry import did_you_mean

LONGEST_VALUE = 2000
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
    """Every setting of a page, and one sentence for each entry that could not be honoured."""
    settings = {key: param.default for key, param in params.items()}
    given: dict[str, list[str]] = {}
    for key, text in query:
        given.setdefault(key, []).append(text)
    problems = []
    for key, texts in given.items():
        if key not in params:
            problems.append(f"{who}: no setting is called {_shown(key)}{did_you_mean(key, params)}")
        elif len(texts) > 1:
            problems.append(f"{who}: {key} must be given once, got it {len(texts)} times")
        else:
            try:
                settings[key] = from_text(params[key], texts[0], who)
            except ValueError as error:
                problems.append(str(error))
    return settings, problems


def _shown(key: str) -> str:
    return repr(key if len(key) <= 40 else key[:37] + "...")


def query_string(settings: Mapping[str, Any], params: Mapping[str, Param]) -> str:
    """The link's query, without the question mark; empty when everything is at its default."""
    return urlencode(encode(settings, params), safe=",.")


def parse(query: str) -> list[tuple[str, str]]:
    """The entries of a query string (with or without its question mark), blank values kept."""
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True)
