"""The schedules' code as it was run in the real libraries, and the rates that it gave: tests/data/snippets.json.

Recorded by tests/verify/record.py. A case is a schedule with its settings, and for each library its code and its rates
at some steps. Codes that differ in numbers and switches alone share a template, in which those that differ are § signs.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).parents[1] / "data" / "snippets.json"
PLACE = "§"
SWITCHES = ("True", "False", "None")


class Run(NamedTuple):
    """A code that was run, and the rates that it gave at the steps of its case."""

    code: str
    rates: list[float]


class Case(NamedTuple):
    """A schedule with its settings, the steps looked at, and what each library made of it."""

    schedule: str
    settings: dict[str, Any]
    warmup: int
    steps: list[int]
    runs: dict[str, Run]


def read() -> tuple[dict[str, str], list[Case]]:
    """The versions of the libraries, and every case."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    cases = []
    for schedule, settings, warmup, steps, runs in data["cases"]:
        filled = {
            library: Run(_filled("\n".join(data["templates"][template]), numbers), rates)
            for library, (template, numbers, rates) in runs.items()
        }
        cases.append(Case(schedule, settings, warmup, steps, filled))
    return data["versions"], cases


def write(versions: dict[str, str], cases: list[Case]) -> None:
    """The file anew."""
    groups = defaultdict(list)
    for case in cases:
        for run in case.runs.values():
            blank, numbers = _blank(run.code)
            groups[blank].append(numbers)
    kept = {blank: [len(set(column)) > 1 for column in zip(*rows, strict=True)] for blank, rows in groups.items()}
    templates = {blank: number for number, blank in enumerate(groups)}
    lines = {
        blank: _filled(blank, [PLACE if differs else n for n, differs in zip(rows[0], kept[blank], strict=True)])
        for blank, rows in groups.items()
    }

    def stored(run: Run) -> list:
        blank, numbers = _blank(run.code)
        return [templates[blank], [n for n, differs in zip(numbers, kept[blank], strict=True) if differs], run.rates]

    rows = [
        json.dumps([*case[:4], {library: stored(run) for library, run in case.runs.items()}], ensure_ascii=False)
        for case in cases
    ]
    codes = json.dumps([text.split("\n") for text in lines.values()], indent=1, ensure_ascii=False)
    FILE.write_text(
        f'{{"versions": {json.dumps(versions)},\n"templates": {codes},\n"cases": [\n' + ",\n".join(rows) + "\n]}\n",
        encoding="utf-8",
    )


def _blank(code: str) -> tuple[str, list[str]]:
    """The code, laid out alike and without comments, with § for every number and switch, and these."""
    code = ast.unparse(ast.parse(code))
    lines, numbers = code.split("\n"), []
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(code).readline))):
        if token.type == tokenize.NUMBER or token.string in SWITCHES:
            (row, start), (_, stop) = token.start, token.end
            lines[row - 1] = lines[row - 1][:start] + PLACE + lines[row - 1][stop:]
            numbers.append(token.string)
    return "\n".join(lines), numbers[::-1]


def _filled(blank: str, numbers: list[str]) -> str:
    first, *others = blank.split(PLACE)
    return first + "".join(number + text for number, text in zip(numbers, others, strict=True))


def shape(code: str) -> str:
    """What the code does, whatever its numbers and switches are and however many pieces a list has."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            node.value = 0
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.List | ast.Tuple)][::-1]:
        node.elts = list({ast.dump(part): part for part in node.elts}.values())
    return ast.dump(tree)
