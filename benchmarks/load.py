"""How many students a process carries: `python -m benchmarks.load --sessions 10,25,50,100 --processes 2`.

Sessions on mixed pages each move a control every 2 s (see visitors). For each number of sessions: how long a redraw of the
live figure takes and how long the run of the page that follows, errors, memory a session and processor time. The
search ends at the number where a redraw takes more than 500 ms for one in twenty. Visitors share the machine with
the app, so on few cores the app could do somewhat better than this.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from itertools import cycle, islice, pairwise

from tests.conftest import free_port, serve

from .visitors import PAGES, Server, Tally, Visitor, gather, stay

LIMIT = 0.5  # seconds that one in twenty redraws may take
EVERY = 2.0  # seconds between the moves of one visitor
SPACING = 0.1  # seconds between arrivals
MOST = 400  # sessions
HEAD = (
    "| sessions | redraw p50 | p95 | whole page p50 | p95 | moves/s (asked) | runs/s | first page p95 | errors | MB a session | app: cores | CPU a move | kB a move |\n"
    "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"
)


def percentile(values: list[float], share: float) -> float:
    """The value below which a share (a twentieth at least) of the values lies; NaN for none."""
    return (
        statistics.quantiles(values, n=20, method="inclusive")[round(20 * share) - 1]
        if len(values) > 1
        else float("nan")
    )


async def measure(addresses: list[str], servers: list[Server], sessions: int, seconds: float) -> tuple[Tally, str]:
    """Let that many sessions work for that long; what they saw, and its row of the table."""
    before = sum(server.memory() for server in servers)
    tally = Tally()
    who = zip(islice(cycle(addresses), sessions), cycle(PAGES), range(sessions))
    visitors = await gather([Visitor(a, page, "", tally, seed) for a, page, seed in who], SPACING)
    tally.received, cpu, begin = 0, sum(server.seconds() for server in servers), time.perf_counter()
    await asyncio.gather(*(stay(visitor, seconds, EVERY) for visitor in visitors))
    took = time.perf_counter() - begin
    cpu = sum(server.seconds() for server in servers) - cpu
    memory = (sum(server.memory() for server in servers) - before) / sessions
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return tally, row(tally, sessions, took, cpu, memory)


def row(tally: Tally, sessions: int, took: float, cpu: float, memory: float) -> str:
    moves, runs = len(tally.whole), len(tally.live) + len(tally.whole)
    times = [percentile(values, share) for values in (tally.live, tally.whole) for share in (0.5, 0.95)]
    shown = " | ".join(f"{1000 * t:.0f} ms" for t in times)
    return (
        f"| {sessions} | {shown} | {moves / took:.1f} ({sessions / EVERY:.1f}) | {runs / took:.1f} "
        f"| {percentile(tally.opened, 0.95):.2f} s | {len(tally.errors)} | {memory:.1f} | {cpu / took:.2f} "
        f"| {1000 * cpu / max(moves, 1):.0f} ms | {tally.received / max(moves, 1) / 1000:.0f} |"
    )


def crossing(found: list[tuple[int, float]]) -> str:
    """In words: at how many sessions p95 passes the limit, on the straight line between two measurements."""
    for (low, fast), (high, slow) in pairwise(found):
        if fast <= LIMIT < slow:
            return f"p95 of a redraw passes {1000 * LIMIT:.0f} ms at about {low + (high - low) * (LIMIT - fast) / (slow - fast):.0f} sessions."
    if found and found[0][1] > LIMIT:
        return f"p95 of a redraw is above {1000 * LIMIT:.0f} ms with {found[0][0]} sessions already."
    return f"p95 of a redraw stays below {1000 * LIMIT:.0f} ms up to {found[-1][0]} sessions."


def main() -> None:
    """Print the table and the number of sessions."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", default="10,25,50,75,100", help=f"numbers to try, at most {MOST} each")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each number of sessions works")
    parser.add_argument("--processes", type=int, default=1, help="processes that share the sessions, as behind nginx")
    asked = parser.parse_args()
    ports = [free_port() for _ in range(asked.processes)]
    servers = [Server(serve(port, "--server.address", "127.0.0.1")) for port in ports]
    addresses, found = [f"127.0.0.1:{port}" for port in ports], []
    try:
        asyncio.run(measure(addresses, servers, len(PAGES) * len(ports), 4.0))  # imports and caches
        print(f"{asked.processes} process(es), {asked.seconds:.0f} s each\n\n{HEAD}")
        for sessions in (min(int(word), MOST) for word in asked.sessions.split(",")):
            tally, line = asyncio.run(measure(addresses, servers, sessions, asked.seconds))
            print(line, flush=True)
            for error in sorted(set(tally.errors))[:5]:
                print(f"<!-- {error} -->", flush=True)
            found.append((sessions, percentile(tally.live, 0.95)))
            if found[-1][1] > LIMIT:
                break
        print(f"\n{crossing(found)}")
    finally:
        for server in servers:
            server.process.kill()
            server.process.wait(10)


if __name__ == "__main__":
    main()
