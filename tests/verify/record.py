"""Record anew what the real libraries make of the schedules' code: `make facts`. `make verify` compares with it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from running import RECORDED, rates, versions  # noqa: E402
from support.schedule_settings import settings, steps  # noqa: E402
from support.snippet_facts import FILE, Case, Run, write  # noqa: E402

from lrviz.lessons.schedules.snippets import code  # noqa: E402
from lrviz.schedules import SCHEDULES  # noqa: E402


def cases() -> list[Case]:
    """Every case with its code, run nowhere yet."""
    return [
        Case(
            name, given, warmup, steps(name, given, warmup),
            {library: Run(code(name, given, library, warmup), []) for library in RECORDED},
        )
        for name in SCHEDULES
        for given, warmup in settings(name)
    ]  # fmt: skip


def record() -> None:
    """Run every code and write the file."""
    known = cases()
    for library, words in RECORDED.items():
        found = rates([(case.runs[library].code, case.steps) for case in known], *words)
        for case, seen in zip(known, found, strict=True):
            case.runs[library].rates[:] = seen
        print(f"{library}: {len(found)} codes run", flush=True)
    write(versions(), known)
    print(f"{FILE}: {FILE.stat().st_size // 1024} KB")


if __name__ == "__main__":
    record()
