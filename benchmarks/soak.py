"""Whether memory stays flat: `python -m benchmarks.soak --minutes 5`.

The app does not collect garbage after each run (runner.postScriptGC is false), which makes runs cheaper; Python still does
when enough has piled up. Here sessions on mixed pages move their controls all the time, and every few seconds one of
them leaves and a new one comes, until the minutes are over. Resident memory is read all along; its slope over the second half,
when imports and caches are filled, says what a run leaves behind. `--gc` is the same with collection after each run.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from itertools import count

from tests.conftest import free_port, serve

from .load import percentile
from .visitors import PAGES, Server, Tally, Visitor, gather, stay

SESSIONS = 15
STAY = 20.0  # seconds on a page
EVERY = 0.5  # seconds between the moves of one visitor
LONGEST = 60.0  # minutes
READINGS = 60


async def come_and_go(address: str, until: float, tally: Tally, seeds: count) -> None:
    """One visitor after another, each on the next page."""
    while time.perf_counter() < until:
        seed = next(seeds)
        for visitor in await gather([Visitor(address, PAGES[seed % len(PAGES)], "", tally, seed)], 0.0):
            await stay(visitor, min(STAY, until - time.perf_counter()), EVERY)
            await visitor.close()


async def watch(server: Server, until: float, tally: Tally) -> list[tuple[float, int, int, float]]:
    """(minutes, runs, sessions so far, MB), read at equal times."""
    begin = time.perf_counter()
    pause, readings = (until - begin) / READINGS, []
    while time.perf_counter() < until:
        await asyncio.sleep(pause)
        runs = len(tally.live) + len(tally.whole) + len(tally.opened)
        readings.append(((time.perf_counter() - begin) / 60, runs, len(tally.opened), server.memory()))
    return readings


async def soak(address: str, server: Server, minutes: float) -> tuple[list[tuple[float, int, int, float]], Tally]:
    """Let the visitors in and read the memory."""
    tally, seeds, until = Tally(), count(), time.perf_counter() + 60 * minutes
    crowd = (come_and_go(address, until, tally, seeds) for _ in range(SESSIONS))
    readings, *_ = await asyncio.gather(watch(server, until, tally), *crowd)
    return readings, tally


def report(readings: list[tuple[float, int, int, float]], tally: Tally, cpu: float) -> str:
    """The table, and in words what a thousand runs leave behind."""
    rows = [
        f"| {m:.1f} | {runs} | {sessions} | {size:.0f} |" for m, runs, sessions, size in readings[:: READINGS // 10]
    ]
    later = readings[len(readings) // 2 :]
    slope = statistics.linear_regression([r[1] for r in later], [r[3] for r in later]).slope
    runs = readings[-1][1]
    return "\n".join(
        (
            "| minutes | runs | sessions so far | resident MB |\n| --: | --: | --: | --: |",
            *rows,
            f"\nSecond half: {1000 * slope:+.2f} MB per 1,000 runs, from {later[0][3]:.0f} to {later[-1][3]:.0f} MB, highest "
            f"{max(r[3] for r in later):.0f} MB. {runs} runs, {len(tally.errors)} errors, {1000 * cpu / runs:.1f} ms of processor a run, "
            f"p95 of a redraw {1000 * percentile(tally.live, 0.95):.0f} ms.",
        )
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--gc", action="store_true", help="collect garbage after each run")
    asked = parser.parse_args()
    port = free_port()
    server = Server(serve(port, "--server.address", "127.0.0.1", "--runner.postScriptGC", str(asked.gc).lower()))
    try:
        cpu = server.seconds()
        readings, tally = asyncio.run(soak(f"127.0.0.1:{port}", server, min(asked.minutes, LONGEST)))
        print(report(readings, tally, server.seconds() - cpu))
        for error in sorted(set(tally.errors))[:5]:
            print(f"<!-- {error} -->")
    finally:
        server.process.kill()
        server.process.wait(10)


if __name__ == "__main__":
    main()
