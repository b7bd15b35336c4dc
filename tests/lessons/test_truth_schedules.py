"""What the schedules page claims, worked out again at random settings: closed forms, recursions and loops written here.

The sentences are read back: the numbers in them must be those of an independent reckoning, and what they say of a curve
(at rest, on the way, diverged, nearer than the best fixed rate, burst, ...) must hold of it and of no other.
"""

import math
import random
import re
from functools import lru_cache

import numpy as np
import pytest
from support.random_settings import random_settings

from lrviz import SCHEDULES, SURFACES, descend
from lrviz.figures.schedules import PICTURES, jumps_table, rate_table, training_table
from lrviz.lessons.schedules import LESSON

pytestmark = pytest.mark.thorough

MANY, PARTS = 60, 4
EVERY_PART = pytest.mark.parametrize("part", range(PARTS))
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = r"(?:−?10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+|−?[\d,]*\.?\d+(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)"
START = np.array([-4.0, 3.0])


def value(text):
    """A number as the page writes it."""
    text = text.replace(",", "").replace("−", "-").translate(RAISED)
    mantissa, _, power = text.rpartition(" × 10") if " × 10" in text else ("", "", "")
    if mantissa:
        return float(f"{mantissa}e{power}")
    small = re.fullmatch(r"(-?)10(-?\d+)", text) if re.search("[⁰¹²³⁴⁵⁶⁷⁸⁹]", text) else None
    return float(f"{small[1]}1e{small[2]}") if small else float(text)


def near(text, expected, rel=0.006):
    """Whether a number of three digits, as written, is the expected one."""
    return value(text) == pytest.approx(expected, rel=rel, abs=1e-300)


def named(sentence, before, mark=r" (?:at )?(?:× |± )?"):
    """{letter: number as written} of the list that follows the words `before`."""
    rest = sentence.partition(before)[2]
    found = re.match(rf"[^A-H]*?((?:[A-H]{mark}{NUMBER}(?:, | and )?)+)", rest)
    return dict(re.findall(rf"([A-H]){mark}({NUMBER})", found[1])) if found else {}


@lru_cache(maxsize=MANY)
def drawn(seed):
    """Results at random settings of a short run."""
    dice = random.Random(seed)
    settings = random_settings(LESSON, seed) | {"total": dice.choice((1, 7, 40, 150, 200)), "fairness": "as_given"}
    return LESSON.compute(LESSON.settings(**settings))


def rates_of(r, c):
    """The rates of every step, from the registry's rule and the definition of a warm-up."""
    rule, step = SCHEDULES[c.entry.name], np.arange(float(r.total))
    after = rule(np.maximum(step - c.warmup, 0), **c.values)
    return np.where(step < c.warmup, rule(0.0, **c.values) * (step + 1) / max(c.warmup, 1), after)


def expected(rates, curvature, noise):
    """(mean, variance in one coordinate) of the end point: each step scales by 1 - a lambda and adds a sigma."""
    mean, variance = START.copy(), 0.0
    for a in np.maximum(rates, 0):
        mean, variance = (1 - a * curvature) * mean, (1 - a * curvature) ** 2 * variance + (a * noise) ** 2
        mean, variance = np.clip(mean, -1e30, 1e30), min(variance, 1e60)
    return mean, variance


def away(rates, curvature, noise):
    """Root mean square distance at the end."""
    mean, variance = expected(rates, curvature, noise)
    return math.sqrt(mean @ mean + 2 * variance)


@EVERY_PART
def test_rates_and_sums(part):
    for seed in range(part, MANY, PARTS):
        r = drawn(seed)
        said = PICTURES["rates"].caption(r)
        at, sums = named(said, f"At step {r.step:,} the rate is"), named(said, "The sum of the rates over")
        for c in r.curves:
            rates = rates_of(r, c)
            letter = c.letter.upper()
            assert near(sums[letter], math.fsum(rates)), (seed, said)
            if r.step < r.total:
                assert near(at[letter], rates[r.step]), (seed, said)


@EVERY_PART
def test_where_runs_end_and_how_wide_they_lie(part):
    told = 0
    for seed in range(part, MANY, PARTS):
        r = drawn(seed)
        curvature, noise = r.settings["curvature"], r.settings["noise"]
        said, cloud, table = PICTURES["distance"].caption(r), PICTURES["cloud"].caption(r), training_table(r)
        listed = re.sub(r"[A-H] diverged(?:, | and )?", "", said)
        ends, spreads = named(listed, "over 200 runs:"), named(cloud, "in one coordinate:")
        for i, c in enumerate(r.curves):
            letter, rates = c.letter.upper(), rates_of(r, c)
            mean, variance = expected(rates, curvature, noise)
            if f" {letter} diverge" in said:
                assert np.hypot(*mean) + 5 * math.sqrt(variance) > 900, (seed, said)
                continue
            told += 1
            square = mean @ mean + 2 * variance
            error = math.sqrt(4 * variance * variance + 4 * variance * (mean @ mean)) / math.sqrt(200)
            assert value(ends[letter]) ** 2 == pytest.approx(square, rel=0.01, abs=5 * error), (seed, said)
            assert near(table[i]["expected"], math.sqrt(square)), (seed, table)
            if noise:
                assert value(spreads[letter]) == pytest.approx(math.sqrt(variance), rel=0.2, abs=1e-12), (seed, cloud)
            far = np.hypot(*mean) > 6 * math.sqrt(variance / 200)
            assert not noise or not far or f"Those of {letter} lie round" in cloud, (seed, cloud)
    assert told > 30


@EVERY_PART
def test_what_is_said_of_fixed_rates_holds_of_them_and_of_no_other(part):
    for seed in range(part, MANY, PARTS):
        r = drawn(seed)
        curvature, noise = r.settings["curvature"], r.settings["noise"]
        said = PICTURES["distance"].caption(r)
        for c in r.curves:
            letter, rates = c.letter.upper(), rates_of(r, c)
            fixed, rate, end = np.ptp(rates) == 0, rates[0], away(rates, curvature, noise)
            stays = fixed and 0 < rate < 2 / curvature
            rest = noise * math.sqrt(2 * rate / (curvature * (2 - rate * curvature))) if stays else math.nan
            gone = f" {letter} diverge" in said
            assert (f"{letter} is at rest" in said) == bool(stays and not gone and abs(end - rest) <= 0.05 * rest), (
                seed,
                said,
            )
            assert (f"{letter} is still on the way" in said) == bool(
                stays and not gone and end > max(1.05 * rest, 0.5)
            ), (seed, said)
            assert (f"The rate of {letter} is 0" in said) == bool(fixed and rate == 0)
            assert (f"The rate of {letter} is not below 2/λ" in said) == bool(
                fixed and not gone and rate * curvature >= 2
            )


@pytest.mark.parametrize(("curvature", "rate"), [(5.0, "0.2"), (1.6, "0.625"), (50.0, "0.02")])
def test_without_noise_one_step_at_one_over_lambda_is_enough(curvature, rate):
    given = {"noise": 0.0, "curvature": curvature, "curves": ("a", "b"), "a.constant.initial_learning_rate": 0.01}
    r = LESSON.compute(LESSON.settings(**given, **{"a.schedule": "constant"}))
    assert np.allclose(START - 1 / curvature * curvature * START, 0)
    said = PICTURES["distance"].caption(r)
    assert f"1/λ = {rate} is at the minimum after one step" in said
    assert "end nearest" not in said
    assert "own best factor" not in said
    assert r.constant == 1 / curvature
    *rows, best = training_table(r)
    assert (rows[1]["expected then"], best["distance at the end"]) == ("0", "0")
    assert value(rows[1]["best factor on it"].removeprefix("× ")) == pytest.approx(
        1 / curvature / rates_of(r, r.curves[1]).max(), rel=5e-3
    )
    plateau = PICTURES["plateau"].caption(r)
    assert "on the same noise" not in plateau
    assert curvature > 5 or "that of A as given is" in plateau  # at the other the run of the rule diverges


@pytest.mark.parametrize("seed", range(0, MANY, 6))
def test_tuning_by_one_factor_and_the_best_fixed_rate(seed):
    r = drawn(seed)
    curvature, noise = r.settings["curvature"], r.settings["noise"]
    said = PICTURES["distance"].caption(r)
    count = r.total
    tried = np.append(np.geomspace(1e-9, 1.99, 4000), 1.0) / curvature
    best = min(away(np.full(count, a), curvature, noise) for a in tried[::20])
    given = away(np.full(count, r.constant), curvature, noise)
    assert given <= best * 1.001
    if noise == 0:
        return
    ends = named(said, "its own best factor, theory expects")
    for c in r.curves:
        rates = rates_of(r, c)
        if np.ptp(rates) == 0 or rates.max() <= 0:
            continue
        factors = np.geomspace(1e-4, 10, 60) / (rates.max() * curvature)
        mine = min(away(rates * f, curvature, noise) for f in factors)
        assert value(ends[c.letter.upper()]) <= mine * 1.006, (seed, said)
        if mine < 0.99 * given:
            assert "none of them" not in said
            assert "does not end nearer" not in said


def steps_of_burst(rates):
    """The root-mean-square method down the long valley, step by step: (burst before the minimum, arrival), -1 for never."""
    x, y, sums = -10.0, 0.35, [0.0, 0.0]
    calm = arrived = at = -1
    for n in range(len(rates) + 1):
        off = abs(y - 0.1 * math.sin(3 * x))
        if arrived < 0 and math.hypot(x, y) < 0.3:
            arrived = n
        if at < 0 <= calm and arrived < 0 and off > 0.1:
            at = n
        if calm < 0 and n >= 30 and off < 0.1:
            calm = n
        if n < len(rates):
            wall = 10 * (y - 0.1 * math.sin(3 * x))
            gradient = (0.2 * x / math.sqrt(1 + x * x) - 0.3 * math.cos(3 * x) * wall, wall)
            sums = [s + g * g for s, g in zip(sums, gradient, strict=True)]
            sigma = [math.sqrt(s / (n + 1)) for s in sums]
            x, y = (p - max(rates[n], 0.0) * g / s if s else p for p, g, s in zip((x, y), gradient, sigma, strict=True))
    return at, arrived


@EVERY_PART
def test_bursts_and_arrivals(part):
    bursts = 0
    for seed in range(part, MANY, PARTS):
        r = drawn(seed)
        said = PICTURES["burst"].caption(r)
        for c in r.curves:
            at, arrived = steps_of_burst(rates_of(r, c))
            letter, mine = c.letter.upper(), re.search(rf"(?:^|\. ){c.letter.upper()} [^A-H]*?\.(?= |$)", said)[0]
            if f"{letter} diverges" in mine:
                continue
            assert ("bursts out" in mine) == (at >= 0), (seed, at, said)
            assert at < 0 or f"bursts out, more than 0.1 off the floor, at step {at}" in mine, (seed, at, said)
            assert ("of the minimum at step" in mine) == (arrived >= 0), (seed, arrived, said)
            assert arrived < 0 or f"of the minimum at step {arrived}" in mine, (seed, arrived, said)
            bursts += at >= 0
    assert bursts


@EVERY_PART
def test_the_plateau_rule_cuts_when_it_is_said_to(part):
    for seed in range(part, MANY, 3 * PARTS):
        r = drawn(seed)
        s, total = r.settings, r.total
        said = PICTURES["plateau"].caption(r)
        every, rate, where = s["plateau.every"], s["plateau.initial_learning_rate"], START
        best, bad, rest, cuts = math.inf, 0, 0, []
        ends = [*range(every, total, every), total]
        for look, (begin, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            run = descend(
                SURFACES["ravine"].bind(kappa=1.0), "gd", where, end - begin, lr=rate * s["curvature"],
                noise=s["noise"] / s["curvature"], seed=look, limit=1e3,
            )  # fmt: skip
            if run.diverged:
                break
            where, loss = run.xy[-1], s["curvature"] * run.loss[1:].mean()
            if loss < best * (1 - s["plateau.threshold"]):
                best, bad = loss, 0
            else:
                bad += 1
            if rest:
                rest, bad = rest - 1, 0
            if bad > s["plateau.patience"]:
                lower = max(rate * s["plateau.factor"], s["plateau.min_lr"])
                if rate - lower > 1e-8:
                    rate = lower
                    cuts.append(end)
                rest, bad = s["plateau.cooldown"], 0
        else:
            times = {0: "never cuts the rate", 1: "cuts the rate once"}.get(
                len(cuts), f"cuts the rate {len(cuts)} times"
            )
            assert times in said, (seed, cuts, said)
            assert not cuts or re.search(rf"at steps? {cuts[0]}\b", said), (seed, cuts, said)


def test_the_table_says_what_the_schedules_are():
    for seed in range(0, MANY, 5):
        r = drawn(seed)
        for row, step in zip(rate_table(r), r.settings["table_steps"], strict=True):
            for c in r.curves:
                n = max(step - c.warmup, 0.0)
                rate = SCHEDULES[c.entry.name](n, **c.values) * (
                    min((step + 1) / c.warmup, 1) if c.warmup and step < c.warmup else 1
                )
                assert near(row[c.name], rate), (seed, row)
            epoch = step / r.settings["steps_per_epoch"]
            assert row["epoch"] == (
                f"after epoch {epoch:,.0f}" if step and epoch.is_integer() else f"in epoch {math.floor(epoch) + 1:,}"
            )


def ripple_runs(rates, noise, depth, runs, seed):
    """Share of runs that come within 0.4 of another minimum than theirs: (ever, in the second half), and the mean loss."""
    dice = np.random.default_rng(seed)
    places = np.array(
        sorted({(x, y) for x, y, kind in SURFACES["ripples"].bind(depth=depth).points if kind == "minimum"})
    )
    w = np.tile(min(places, key=lambda p: p[0] - p[1]), (runs, 1))
    at = np.full(runs, int(np.hypot(*(places - w[0]).T).argmin()))
    ever, late = np.zeros(runs, bool), np.zeros(runs, bool)
    for n, a in enumerate(rates):
        w = w - a * (0.1 * w + 3 * depth * np.sin(3 * w) + noise * dice.normal(size=w.shape))
        distance = np.hypot(w[:, None, 0] - places[:, 0], w[:, None, 1] - places[:, 1])
        now = np.where(distance.min(axis=1) < 0.4, distance.argmin(axis=1), at)
        ever, late = ever | (now != at), late | ((now != at) & (n >= len(rates) // 2))
        at = now
    return ever.mean(), late.mean(), (0.05 * (w * w).sum(axis=1) + depth * (2 - np.cos(3 * w).sum(axis=1))).mean()


@pytest.mark.parametrize("which", [0, 1])
def test_counts_of_jumps_are_those_of_other_seeds(which):
    preset = [p for p in LESSON.presets if p.claim == "S8"][which]
    settings = LESSON.settings(**preset.settings)
    r = LESSON.compute(settings)
    said = PICTURES["ripples"].caption(r)
    ever, late = named(said, "within 0.4 of another one is"), named(said, "second half of the steps it is")
    shares = {}
    for c, row in zip(r.curves, jumps_table(r), strict=True):
        own = ripple_runs(c.rate(np.arange(1000.0)), settings["ripples.noise"], 0.3, 300, 77)
        shares[c.letter] = own
        for share, text in ((own[0], ever[c.letter.upper()]), (own[1], late[c.letter.upper()])):
            error = math.sqrt(max(share * (1 - share), 1 / 200) * (1 / 200 + 1 / 300))
            assert value(text) / 200 == pytest.approx(share, abs=5 * error), (c.letter, share, said)
        assert value(row["mean loss at the end"]) == pytest.approx(own[2], rel=0.15)
    if which == 0:  # B jumps most, and late; C does as D does
        assert shares["b"][0] > 2 * shares["a"][0] > 0
        assert shares["b"][1] > 0.1 > shares["a"][1] == shares["c"][1] == shares["d"][1] == 0
        assert abs(shares["c"][0] - shares["d"][0]) < 0.05
    else:
        assert shares["b"][1] > 0.5 > shares["a"][1] == 0
        assert shares["b"][2] < 0.8 * shares["a"][2]
