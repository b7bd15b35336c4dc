"""Whether costly questions hold up cheap ones: `python -m benchmarks fairness`.

A few visitors move sliders on pages as they open, first by themselves, then beside twenty who keep asking for the costliest
pages there are, each time with another seed so that nothing is remembered. What counts is how much longer one in twenty of the
cheap questions (redraws of a live figure, whole runs of a page) takes than in the quiet, within one run.
"""

from __future__ import annotations

import asyncio
import itertools
from functools import partial

import requests
import websockets

from tests.conftest import free_port, serve

from .load import percentile
from .visitors import PAGES, Failed, Server, Tally, Visitor, gather, stay

COSTLY, EVERY, SECONDS = 20, 1.0, 30.0
LINKS = (
    "trajectories?rule=tuned&steps=10000&optimizers=nadam,radam,adam,adamax&noise=1&section=basins&resolution=96&surface=himmelblau&seed={}",
    "mini_batch?data=logistic_regression&m=100000&epochs=200&batch_size=50000&optimizer=radam&section=timing&seed={}",
    "saddles?section=local_optima&basin_grid=40&optimizers=gd,momentum,heavy_ball,adam&noise=0.1&seed={}",
    "saddles?section=dimensions&n=8&draws=200000&seed={}",
    "mini_batch?m=6400&batch_size=64&epochs=30&section=noise&seed={}",
)


async def ask_costly(address: str, seeds: itertools.count, links: itertools.cycle, tally: Tally) -> None:
    """One visitor who opens one costly page after the other."""
    while True:
        page, _, query = next(links).format(next(seeds)).partition("?")
        visitor = Visitor(address, page, query, tally, next(seeds))
        try:
            await visitor.open()
        except (Failed, OSError, websockets.WebSocketException, requests.RequestException) as error:
            tally.errors.append(str(error))
        finally:
            await visitor.close()


async def cheap(address: str, seconds: float) -> Tally:
    """What visitors on pages as they open go through."""
    tally = Tally()
    visitors = await gather([Visitor(address, page, "", tally, i) for i, page in enumerate(PAGES)], 0.2)
    await asyncio.gather(*(stay(visitor, seconds, EVERY) for visitor in visitors))
    await asyncio.gather(*(visitor.close() for visitor in visitors))
    return tally


async def compare(address: str, seconds: float) -> tuple[Tally, Tally, Tally]:
    """Quiet, beside the costly ones, and the costly ones themselves."""
    await cheap(address, 5.0)  # imports and caches
    quiet, costly = await cheap(address, seconds), Tally()
    ask = partial(ask_costly, address, itertools.count(1), itertools.cycle(LINKS), costly)
    crowd = [asyncio.ensure_future(ask()) for _ in range(COSTLY)]
    await asyncio.sleep(3.0)
    beside = await cheap(address, seconds)
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return quiet, beside, costly


def main() -> None:
    """Print the table."""
    port = free_port()
    server = Server(serve(port, "--server.address", "127.0.0.1"))
    try:
        quiet, beside, costly = asyncio.run(compare(f"127.0.0.1:{port}", SECONDS))
    finally:
        server.process.kill()
        server.process.wait(10)
    print("| | quiet p95 | beside costly ones p95 | ratio | aim | questions |\n| --- | --: | --: | --: | --: | --: |")
    for name, pick in (("redraw", lambda t: t.live), ("run of a page", lambda t: t.whole)):
        before, after = percentile(pick(quiet), 0.95), percentile(pick(beside), 0.95)
        print(
            f"| {name} | {1000 * before:.0f} ms | {1000 * after:.0f} ms | {after / before:.1f} | 2 | {len(pick(beside))} |"
        )
    print(
        f"\n{len(costly.opened)} costly pages were opened meanwhile. Errors: {len(quiet.errors)}, {len(beside.errors)}, {len(costly.errors)}."
    )
    for error in sorted({*quiet.errors, *beside.errors, *costly.errors})[:5]:
        print(f"<!-- {error} -->")


if __name__ == "__main__":
    main()
