"""What the sentences of the trajectories page claim, recomputed from raw runs at settings drawn at random.

Nothing of the lesson is asked but the learning rates in force and the surface: arrivals, divergence, distances, shares and
best rates are found again here from `descend` alone, and read off the sentence by its numbers.
"""

import itertools
import math
import re
from functools import cache

import numpy as np
import pytest
from support.random_settings import random_settings

from lrviz.descent import descend
from lrviz.figures.trajectories import PICTURES
from lrviz.lessons.trajectories import LESSON, compute
from lrviz.lessons.trajectories.settings import SCHEDULES
from lrviz.optimizers import OPTIMIZERS
from lrviz.schedules import warmup
from lrviz.surfaces import SURFACES

pytestmark = pytest.mark.thorough

MANY, FEW = 75, 20
NUMBER = r"−?(?:10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|\d(?:[\d,.]*\d)?(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)"


def value(text):
    """The number that a sentence shows."""
    plain = (
        text.replace("−", "-")
        .replace(",", "")
        .replace(" × 10", "e")
        .translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    )
    if re.fullmatch(r"10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", text):
        plain = "1e" + plain[2:]
    return float(plain)


def near(found, expected):
    """Equal to the three digits that are shown."""
    return math.isclose(value(found) if isinstance(found, str) else found, expected, rel_tol=6e-3, abs_tol=1e-300)


class Truth:
    """One draw of the settings: the results, and the raw runs beside them."""

    def __init__(self, seed, **changes):
        self.settings = random_settings(LESSON, seed) | changes
        self.results = compute(self.settings)
        surface = self.settings["surface"]
        self.surface = SURFACES[surface].bind(**{k: self.settings[f"{surface}.{k}"] for k in SURFACES[surface].bound})
        self.start = tuple(self.settings[f"{surface}.{axis}"] for axis in "xy")
        self.minima = [(x, y) for x, y, kind in self.surface.points if kind == "minimum"]
        self.names = self.settings["optimizers"]

    def factors(self, steps):
        if self.results.problem:
            return np.ones(steps)
        name = self.settings["schedule"]
        given = {k.split(".")[1]: v for k, v in self.settings.items() if k.startswith(f"{name}.")}
        if any(p.name == "initial_learning_rate" for p in SCHEDULES[name].params):
            given["initial_learning_rate"] = 1.0
        return warmup(SCHEDULES[name], self.settings["warmup_steps"])(np.arange(steps), **given)

    def run(self, name, steps=None, **changes):
        steps = steps or self.settings["steps"]
        given = {p.name: self.settings[f"{name}.{p.name}"] for p in OPTIMIZERS[name].params if p.name != "lr"}
        common = {"lr": self.results.rate_of(name), "noise": self.settings["noise"], "seed": self.settings["seed"]}
        return descend(
            self.surface, name, changes.pop("start", self.start), steps, schedule=changes.pop("schedule", self.factors(steps)),
            **(given | common | changes),
        )  # fmt: skip

    def away(self, path):
        return np.min([np.hypot(path.xy[..., 0] - x, path.xy[..., 1] - y) for x, y in self.minima], axis=0)

    def arrival(self, path):
        """The first step within the tolerance, None where there is none."""
        near = np.flatnonzero(self.away(path) <= self.settings["tolerance"]) if self.minima else ()
        return int(near[0]) if len(near) else None


@cache
def drawn(seed):
    """One draw of the settings as they come, for every test that changes none."""
    return Truth(seed)


@cache
def drawn_run(seed, name):
    """One of its runs."""
    return drawn(seed).run(name)


def gone(path):
    """The step at which a run stopped being a number, None where it did not."""
    lost = np.flatnonzero(np.isnan(path.xy[:, 0]))
    return int(lost[0]) if len(lost) else None


def lowest(surface, minima):
    return min(float(surface.value(x, y)) for x, y in minima)


# ------------------------------------------------------------------------------------------------------ the main figure


@pytest.mark.parametrize("seed", range(MANY))
def test_who_arrives_when_and_who_is_first(seed):
    truth = drawn(seed)
    said, title = (
        f(truth.results)
        for f in (PICTURES["paths"].caption, lambda r: PICTURES["paths"].spec(r)["layout"]["title"]["text"])
    )
    arrived = {OPTIMIZERS[name].label: truth.arrival(drawn_run(seed, name)) for name in truth.names}
    steps = {label: at for label, at in arrived.items() if at is not None}
    listed = re.search(r"of a minimum: (.*?)\.(?: |$)", said)
    if not steps or 0 in steps.values():
        assert listed is None
        assert ("of a minimum" in title) == (0 in steps.values())
        return
    found = re.findall(r"(?:^|, |\), )([A-Z][\w ,-]*?) after ([\d,]+) steps?", listed[1])
    assert {label: int(value(at)) for label, at in found} == steps
    first = min(steps.values())
    winners, words = title.split(" arrive")[0], title.split(" after ")[1]
    only = len(set(steps.values())) == 1 and len(steps) < len(truth.names)
    assert winners.startswith("Only ") == only
    winners = winners.removeprefix("Only ")
    assert {label for label in steps if steps[label] == first} == set(re.split(r", (?!root)| and ", winners))
    assert int(value(words.split()[0])) == first


@pytest.mark.parametrize("seed", range(MANY))
def test_what_became_of_those_that_did_not_arrive(seed):
    truth = drawn(seed)
    said = PICTURES["paths"].caption(truth.results)
    x0, x1, y0, y1 = truth.surface.box
    for name in truth.names:
        path, label = drawn_run(seed, name), r"(?<!\w)" + re.escape(OPTIMIZERS[name].label)
        lost, quarter = gone(path), (len(path.loss)) // 4
        if found := re.search(rf"(?:^|[.,d] ){label} diverged at step ([\d,]+)", said):
            assert int(value(found[1])) == lost
        elif lost is not None and truth.minima:
            pytest.fail(f"{name} diverged at {lost}, which is not said: {said}")
        if found := re.search(rf"{label} is still ({NUMBER}) from the nearest minimum", said):
            assert near(found[1], truth.away(path)[-1])
        if found := re.search(rf"{label} (?:circles a minimum|keeps circling) at distance ({NUMBER})", said):
            last = truth.away(path)[-quarter:]
            assert near(found[1], math.sqrt(np.mean(last**2)))
            assert last.min() < 0.05 * math.hypot(x1 - x0, y1 - y0)
            moved = np.diff(path.xy[-quarter:], axis=0)
            assert np.hypot(*moved.T).sum() > 4 * np.hypot(*(path.xy[-1] - path.xy[-quarter]))
        if found := re.search(rf"{label} is stuck .*? stays at ({NUMBER}) on average", said):
            assert near(found[1], path.grad_norm[-quarter:].mean())
            moved = np.diff(path.xy[-quarter:], axis=0)
            assert np.mean([a @ b < 0 for a, b in itertools.pairwise(moved)]) >= 0.5
        inside = (path.xy[:, 0] >= x0) & (path.xy[:, 0] <= x1) & (path.xy[:, 1] >= y0) & (path.xy[:, 1] <= y1)
        if found := re.search(
            rf"{label} (?:leaves the picture )?at step ([\d,]+)[^.]*what lies outside|{label} leaves the picture at step ([\d,]+)\.",
            said,
        ):
            at = int(value(found[1] or found[2]))
            assert inside[:at].any()
            assert not inside[at]
            assert not any(inside[t - 1] and not inside[t] for t in range(1, at))
        if re.search(rf"{label} stays in the picture", said):
            assert inside[np.flatnonzero(inside)[0] :].all()


def limit_by_hand(truth, name):
    """The stability limit on the ravine, whose curvatures are 1 and kappa."""
    steep, beta = max(1.0, truth.settings["ravine.kappa"]), truth.settings.get(f"{name}.beta", 0.0)
    return {
        "gd": 2 / steep, "momentum": 2 * (1 + beta) / ((1 - beta) * steep), "heavy_ball": 2 * (1 + beta) / steep,
        "nesterov": 2 * (1 + beta) / ((1 + 2 * beta) * steep),
    }.get(name)  # fmt: skip


@pytest.mark.parametrize("seed", range(FEW))
def test_a_stability_limit_is_given_as_a_reason_only_where_it_was_exceeded(seed):
    truth = Truth(
        seed,
        surface="ravine",
        optimizers=("gd", "momentum", "heavy_ball", "nesterov"),
        rule="same",
        lr=10 ** (seed / 10 - 3),
    )
    said = PICTURES["paths"].caption(truth.results)
    for name in truth.names:
        path, label, limit = truth.run(name), OPTIMIZERS[name].label, limit_by_hand(truth, name)
        found = re.search(
            rf"{label} diverged at step [\d,]+(?:: its rate ({NUMBER}) is above the stability limit ({NUMBER}))?", said
        )
        if found and found[1]:
            assert near(found[2], limit)
            assert near(found[1], path.lr[gone(path) - 1])
            assert path.lr[gone(path) - 1] > limit
        if (
            found
            and not truth.settings["noise"]
            and not truth.settings["warmup_steps"]
            and truth.settings["schedule"] == "constant"
        ):
            assert found[1]


@pytest.mark.parametrize("seed", range(FEW))
def test_with_noise_the_order_is_told_over_twenty_seeds(seed):
    truth = Truth(
        seed, surface="ravine", optimizers=("gd", "adam", "momentum"), noise=0.5, tolerance=0.3, steps=80, rule="own"
    )
    said = PICTURES["paths"].caption(truth.results)
    wins, idle = dict.fromkeys(truth.names, 0), 0
    for i in range(20):
        arrived = {name: truth.arrival(truth.run(name, seed=truth.settings["seed"] + i)) for name in truth.names}
        steps = [at for at in arrived.values() if at is not None]
        idle += not steps
        for name, at in arrived.items():
            wins[name] += bool(steps) and at == min(steps)
    found = re.search(r"Over 20 seeds, ties included, the first to arrive is (.*?)\.", said)
    if max(wins.values()) in (0, 20):
        assert found is None
        return
    counts = re.findall(r"([A-Z][a-z ]+?) (\d+) times?", found[1])
    assert dict(counts) == {OPTIMIZERS[name].label: str(count) for name, count in wins.items() if count}
    none = re.search(r"; with (\d+) no run arrives", found[1])
    assert (int(none[1]) if none else 0) == idle


@pytest.mark.parametrize("seed", range(FEW))
def test_a_burst_is_due_only_where_it_comes_before_arriving_and_not_before_its_time(seed):
    """(2 C / (lr lambda))^2 with lambda = 10 across the valley, whose gradient is written out here."""
    changes = {
        "warmup_steps": (0, 10, 20)[seed % 3],
        "adagrad_rms.lr": 0.05 + 0.01 * (seed % 16),
        "tolerance": (0.01, 0.3)[seed % 2],
    }
    settings = LESSON.settings(surface="long_valley", optimizers=("adagrad_rms",), steps=300, **changes)
    results = compute(settings)
    said, path = PICTURES["paths"].caption(results), results.runs[0].path
    slopes = 10 * (path.xy[:, 1] - 0.1 * np.sin(3 * path.xy[:, 0]))
    away = np.hypot(*path.xy.T)
    arrived = int(np.argmax(away <= settings["tolerance"])) if (away <= settings["tolerance"]).any() else None
    calm = re.search(r"calm from step (\d+)", said)
    if calm:
        assert (path.grad_norm[int(calm[1]) :][:10] < 0.15 * path.grad_norm[0]).all()
    if found := re.search(r"bursts sideways at step (\d+)(?:; .* = ([\d,]+) on)?", said):
        step = int(found[1])
        assert arrived is None or step <= arrived
        assert path.grad_norm[step] > 0.4 * path.grad_norm[0]
        assert abs(slopes[step]) > 0.9 * path.grad_norm[step]
        if found[2]:
            k = max(int(calm[1]) + 10, settings["warmup_steps"])
            due = 4 * np.sum(slopes[: k + 1] ** 2) / (10 * settings["adagrad_rms.lr"]) ** 2
            assert near(found[2], round(due))
            assert step >= 0.9 * due
    elif "no burst follows" in said:
        end = len(path.loss) if arrived is None else arrived + 1
        assert (path.grad_norm[int(calm[1]) : end] <= 0.4 * path.grad_norm[0]).all()


# --------------------------------------------------------------------------------------------------------- the figures below


def smallest_mean(truth, name, steps):
    """Of the rates of the sweep the one with the smallest mean loss over the last fifth, run by run."""
    seeds = range(min(max(2000 // steps, 1), 8)) if truth.settings["noise"] else (0,)
    best = (math.inf, None)
    for rate in truth.results.rates:
        losses = [
            truth.run(name, steps, lr=float(rate), seed=truth.settings["seed"] + i).loss[-max(steps // 5, 1) :]
            for i in seeds
        ]
        mean = np.mean(losses)
        if mean < best[0]:
            best = (mean, float(rate))
    return best[1]


@pytest.mark.parametrize("seed", range(12))
def test_the_best_rates_are_those_of_single_runs(seed):
    truth = Truth(seed, optimizers=(("gd", "adam"), ("momentum", "rmsprop"))[seed % 2], steps=20, budget=8)
    said, ranges = (PICTURES[name].caption(truth.results) for name in ("sensitivity", "range_test"))
    for name in truth.names:
        label, best = OPTIMIZERS[name].label, smallest_mean(truth, name, 20)
        found = re.search(rf"[:,] {label} ({NUMBER})(?=[.,])", said)
        assert near(found[1], best)
        short, full = re.search(
            rf"{label}: .*?the best rate is ({NUMBER}) with 8 steps and ({NUMBER}) with 20 steps", ranges
        ).groups()
        assert near(short, smallest_mean(truth, name, 8))
        assert near(full, best)


@pytest.mark.parametrize("seed", range(FEW))
def test_the_effective_rate_is_what_the_gradient_was_multiplied_by(seed):
    names = ("adagrad", "adagrad_rms", "rmsprop", "adadelta")
    truth = Truth(seed, optimizers=names, noise=0.0)
    said = PICTURES["rates"].caption(truth.results)
    k = min(truth.settings["step"], truth.settings["steps"] - 1)
    for name in names:
        path, label = truth.run(name), r"(?<!\w)" + re.escape(OPTIMIZERS[name].label)
        found = re.search(
            rf"[:;] {label} ({NUMBER}) along x and ({NUMBER}) along y(?: \(({NUMBER}) times as large along ([xy])\))?",
            said,
        )
        if not found:
            continue
        moved, gradient = path.xy[k + 1] - path.xy[k], np.array(truth.surface.gradient(*path.xy[k]))
        assert np.isfinite(moved).all()
        scale = np.abs(path.xy[k]).max() * 1e-12
        rates = [value(found[1]), value(found[2])]
        for i in (0, 1):
            if abs(moved[i]) > 1000 * scale:
                assert near(rates[i], -moved[i] / gradient[i])
        if found[3]:
            assert math.isclose(value(found[3]), max(rates) / min(rates), rel_tol=0.02)
            assert "xy".index(found[4]) == int(rates[1] > rates[0])


@pytest.mark.parametrize("seed", range(FEW))
def test_arrival_against_eps_is_that_of_single_runs(seed):
    truth = Truth(seed, optimizers=("adam",), surface=("ravine", "himmelblau", "plateau")[seed % 3], steps=60)
    said = PICTURES["epsilon"].caption(truth.results)
    steps = [truth.arrival(truth.run("adam", eps=float(eps))) for eps in np.logspace(-12, 1, 27)]
    if steps[0] is None:
        assert said.startswith("Adam does not arrive with")
        assert ("with any ε" in said) == (steps.count(None) == 27)
        return
    same = next((i for i, at in enumerate(steps) if at != steps[0]), None)
    assert said.startswith(f"Adam takes {steps[0]} step")
    if same is None:
        assert "with every ε from 10⁻¹² to 10" in said
        return
    assert near(re.search(rf"up to ({NUMBER}),", said)[1], 10 ** (-12 + (same - 1) / 2))
    assert ("does not arrive with ε = 10" in said) == (steps[-1] is None)


@pytest.mark.parametrize("seed", range(8))
def test_shares_of_starts_are_counted(seed):
    truth = Truth(
        seed,
        optimizers=("gd", "rmsprop"),
        surface=("himmelblau", "double_well", "styblinski_tang", "ravine")[seed % 4],
        steps=30,
        resolution=8,
    )
    said = PICTURES["basins"].caption(truth.results)
    x0, x1, y0, y1 = truth.surface.box
    within = max(truth.settings["tolerance"], 0.02 * math.hypot(x1 - x0, y1 - y0))
    assert near(re.search(rf"within ({NUMBER}) of it", said)[1], within)
    values = [float(truth.surface.value(x, y)) for x, y in truth.minima]
    best = [i for i, v in enumerate(values) if v <= min(values) + 1e-9]
    for name, part in zip(truth.names, said.partition("of it): ")[2].split("; "), strict=True):
        ends = [truth.run(name, start=(x, y)).xy[-1] for y in np.linspace(y0, y1, 8) for x in np.linspace(x0, x1, 8)]
        away = np.array([[math.hypot(ex - x, ey - y) for x, y in truth.minima] for ex, ey in ends])
        at = np.where(np.nan_to_num(away.min(axis=1), nan=math.inf) <= within, away.argmin(axis=1), -1)
        shares = [float(np.mean(at == i)) for i in range(len(truth.minima))]
        expected = (
            shares
            if len(best) == len(values) > 1
            else [sum(shares[i] for i in best), sum(shares) - sum(shares[i] for i in best)]
        )
        expected.append(float(np.mean(at == -1)))
        told = [value(share) / 100 for share in re.findall(r"([\d.]+) %", part)]
        kept = [s for i, s in enumerate(expected) if s > 0 or i == 0]
        assert told == pytest.approx(kept, abs=0.0051)  # in whole percents


@pytest.mark.parametrize("seed", range(FEW))
def test_the_loss_in_three_dimensions_is_that_of_the_ends(seed):
    truth = drawn(seed)
    said = PICTURES["view3d"].caption(truth.results)
    for name in truth.names:
        path, label = drawn_run(seed, name), r"(?<!\w)" + re.escape(OPTIMIZERS[name].label)
        last = gone(path) - 1 if gone(path) is not None else truth.settings["steps"]
        found = re.search(
            rf"[:;] {label} ({NUMBER})(?: to ({NUMBER}))? after ([\d,]+) steps?(, the last before it diverged)?", said
        )
        assert near(found[1], path.loss[0])
        assert near(found[2] or found[1], path.loss[last])
        assert int(value(found[3])) == last
        assert bool(found[4]) == (gone(path) is not None)
