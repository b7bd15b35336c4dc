"""How fast the time loop is, as ratios: `python benchmarks/core.py`.

Two tasks, each against the loop one would write by hand, and against PyTorch and optax where they can be imported:

    single   one run of 200 steps of Adam on Rosenbrock's function, all positions kept
    sweep    2,048 such runs of 500 steps, from different starts

Absolute times depend on the machine and on what else it does; the ratios say what to expect. The hand-written loops
check the task as well: every contender must end where `descend` ends.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from lrviz.descent import descend

LR, BETA1, BETA2, EPS = 0.05, 0.9, 0.999, 1e-8
SINGLE, SWEEP, RUNS = 200, 500, 2048
STARTS = np.random.default_rng(0).uniform(-1.5, 1.5, (RUNS, 2))


def best_of(task: Callable[[], np.ndarray], repeats: int) -> tuple[float, np.ndarray]:
    """Shortest time in seconds, and the last positions (..., 2). The first call is not timed: it may compile."""
    ends, times = task(), []
    for _ in range(repeats):
        begin = time.perf_counter()
        task()
        times.append(time.perf_counter() - begin)
    return min(times), np.asarray(ends)


def with_floats(start, steps):
    """Adam in plain Python, written out for two coordinates."""
    x, y = start
    mx = my = vx = vy = 0.0
    path = [(x, y)]
    for t in range(1, steps + 1):
        above = y - x * x
        gx, gy = -2 * (1 - x) - 400 * x * above, 200 * above
        mx, my = BETA1 * mx + (1 - BETA1) * gx, BETA1 * my + (1 - BETA1) * gy
        vx, vy = BETA2 * vx + (1 - BETA2) * gx * gx, BETA2 * vy + (1 - BETA2) * gy * gy
        c1, c2 = 1 - BETA1**t, 1 - BETA2**t
        x -= LR * (mx / c1) / (math.sqrt(vx / c2) + EPS)
        y -= LR * (my / c1) / (math.sqrt(vy / c2) + EPS)
        path.append((x, y))
    return path[-1]


def with_small_arrays(start, steps):
    """Adam as usually written in NumPy, on an array of two elements."""
    w, m, v = np.array(start), np.zeros(2), np.zeros(2)
    path = [w]
    for t in range(1, steps + 1):
        above = w[1] - w[0] ** 2
        g = np.array([-2 * (1 - w[0]) - 400 * w[0] * above, 200 * above])
        m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g**2
        w = w - LR * (m / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + EPS)
        path.append(w)
    return path[-1]


def torch_contenders():
    """PyTorch on one thread: its own Adam, with the gradient written out, as for the others."""
    import torch

    def run(starts, steps):
        w = torch.tensor(starts, dtype=torch.float64, requires_grad=True)
        adam = torch.optim.Adam([w], lr=LR, betas=(BETA1, BETA2), eps=EPS)
        path = [w.detach().clone()]
        for _ in range(steps):
            x, y = w.detach().unbind(-1)
            above = y - x * x
            w.grad = torch.stack((-2 * (1 - x) - 400 * x * above, 200 * above), dim=-1)
            adam.step()
            path.append(w.detach().clone())
        return path[-1].numpy()

    return f"torch {torch.__version__}", lambda: run(STARTS[0], SINGLE), lambda: run(STARTS, SWEEP)


def optax_contenders():
    """optax in a compiled scan."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    adam = optax.adam(LR, BETA1, BETA2, EPS)

    def run(starts, steps):
        def step(carry, _):
            w, state = carry
            x, y = w[..., 0], w[..., 1]
            above = y - x * x
            g = jax.numpy.stack((-2 * (1 - x) - 400 * x * above, 200 * above), axis=-1)
            updates, state = adam.update(g, state, w)
            w = optax.apply_updates(w, updates)
            return (w, state), w

        _, path = jax.lax.scan(step, (starts, adam.init(starts)), length=steps)
        return path

    compiled = jax.jit(run, static_argnums=1)
    single, sweep = jax.numpy.asarray(STARTS[0]), jax.numpy.asarray(STARTS)
    return (
        f"optax {optax.__version__}",
        lambda: compiled(single, SINGLE).block_until_ready()[-1],
        lambda: compiled(sweep, SWEEP).block_until_ready()[-1],
    )


def contenders():
    """(name, single task, sweep task); the first is ours. Libraries that cannot be imported are left out."""

    def ours(start, steps):
        return descend("rosenbrock", "adam", start, steps, lr=LR).xy[..., -1, :]

    yield "lrviz.descend", lambda: ours(STARTS[0], SINGLE), lambda: ours(STARTS, SWEEP)
    each = STARTS.tolist()
    yield (
        "plain Python floats",
        lambda: with_floats(each[0], SINGLE),
        lambda: [with_floats(start, SWEEP) for start in each],
    )
    yield "arrays of two", lambda: with_small_arrays(STARTS[0], SINGLE), None
    for library in (torch_contenders, optax_contenders):
        try:
            yield library()
        except ImportError as missing:
            print(f"({missing.name} is not installed: left out)")


def main() -> None:
    """Print both tables."""
    entrants = list(contenders())
    for title, which, repeats in (("single, 200 steps", 1, 20), ("sweep, 2,048 runs x 500 steps", 2, 3)):
        print(f"\n{title}\n{'':24}{'ms':>10}{'x descend':>12}")
        ours = None
        for name, *tasks in entrants:
            task = tasks[which - 1]
            if task is None:
                continue
            seconds, ends = best_of(task, repeats)
            ours = ours or (seconds, ends)
            np.testing.assert_allclose(ends, ours[1], rtol=0, atol=1e-4, err_msg=name)
            print(f"{name:24}{seconds * 1e3:>10.2f}{seconds / ours[0]:>12.2f}")


if __name__ == "__main__":
    main()
