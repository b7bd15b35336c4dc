"""What the mini-batch page claims, computed once more from raw runs and by formulas written here, at random settings."""

import math
import random
import re
import statistics

import numpy as np
import pytest

from lrviz.datasets import DATASETS
from lrviz.figures.mini_batch import PICTURES
from lrviz.lessons.mini_batch import LESSON, compute
from lrviz.lessons.mini_batch.training import LONGEST
from lrviz.minibatch import train

pytestmark = pytest.mark.thorough

NUMBER = r"(−?[\d,]*\.?\d+(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
SIZES = ("batch", "mini-batch", "stochastic")


def value(text):
    """What a number in a sentence stands for."""
    mantissa, _, power = (
        text.replace(",", "").partition("10")
        if "10" in text and any(c in text for c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
        else (text.replace(",", ""), "", "")
    )
    factor = float(f"1e{power.translate(RAISED)}") if power else 1.0
    mantissa = mantissa.replace("×", "").strip().translate(RAISED)
    return (float(mantissa) if mantissa else 1.0) * factor


def near(text, expected):
    """Whether a number in words is the expected one, to the three digits that words have."""
    assert value(text) == pytest.approx(expected, rel=6e-3, abs=1e-12), text


def settings(seed):
    """Gradient descent at a fixed rate on a linear regression: where the page has most to claim."""
    dice = random.Random(seed)
    m = dice.choice((20, 50, 96, 128, 300))
    return LESSON.settings(
        m=m, batch_size=dice.randint(1, m), epochs=dice.choice((2, 5, 12, 20)), seed=dice.randint(0, 99),
        drawing=dice.choice(("reshuffle", "replacement")), w1=round(dice.uniform(-5, 5), 1), w2=round(dice.uniform(-4, 4), 1),
        shown=tuple(dice.sample(("batch", "mini_batch", "stochastic"), dice.randint(1, 3))), axis=dice.choice(("updates", "epochs", "samples")),
        **{"gd.lr": round(math.exp(dice.uniform(math.log(1e-3), math.log(3))), 3), "linear_regression.noise": dice.choice((0.0, 0.3, 1.0, 3.0)),
           "linear_regression.condition": dice.choice((1.0, 3.0, 20.0))},
    )  # fmt: skip


class Raw:
    """Samples, minimum and runs of some settings, from the normal equations and from `train` alone."""

    def __init__(self, s):
        self.s = s
        recipe = {k.partition(".")[2]: v for k, v in s.items() if k.startswith("linear_regression.")}
        self.data = DATASETS["linear_regression"](m=s["m"], **recipe)
        x, y = self.data.X, self.data.Y[0]
        self.x, self.y, self.hessian = x, y, x @ x.T / s["m"]
        self.best = np.linalg.solve(self.hessian, x @ y / s["m"])
        self.start = np.array([s["w1"], s["w2"]])

    def cost(self, w):
        return 0.5 * ((w @ self.x - self.y) ** 2).mean(axis=-1)

    def run(self, who, seed=None):
        size = {"batch": self.s["m"], "mini-batch": self.s["batch_size"], "stochastic": 1}[who]
        n = -(-self.s["m"] // size)
        return size, n, train(
            self.data, "gd", tuple(self.start), self.s["epochs"], size, lr=self.s["gd.lr"],
            drawing="reshuffle" if size == self.s["m"] else self.s["drawing"], seed=self.s["seed"] if seed is None else seed,
            updates=min(self.s["epochs"] * n, LONGEST),
        )  # fmt: skip

    def counted(self, updates, size, n):
        """So many updates on the chosen axis."""
        samples = updates // n * self.s["m"] + updates % n * size
        return {"updates": updates, "samples": samples, "epochs": samples / self.s["m"]}[self.s["axis"]]


@pytest.mark.parametrize("part", range(2))
def test_the_main_sentence_is_true(part):
    seen = set()
    for seed in range(part, 32, 2):
        s = settings(seed)
        said, raw = PICTURES["paths"].caption(compute(s)), Raw(s)
        names = [name for name in SIZES if name.replace("-", "_") in s["shown"]]
        least, begin = raw.cost(raw.best), raw.cost(raw.start)
        for who in names:
            size, n, run = raw.run(who)
            check_arrival(said, who, raw, run, size, n, least + 0.1 * (begin - least))
            if who == "mini-batch":
                seen |= check_noise(said, run, n, grows_for_ever(raw, size))
            elif who == "batch":
                seen |= check_batch(said, run)
            lost = np.isnan(run.path[:, 0])
            assert bool(re.search(rf"(?<![-\w]){who} diverged at update", said.lower())) == lost.any()
        seen |= check_staying(said, names[-1], raw)
    assert {"falls", "trend", "wanders", "way"} <= seen


def check_arrival(said, who, raw, run, size, n, target):
    cost = raw.cost(run.path)
    hits = np.flatnonzero(cost <= target * (1 + 1e-12))
    found = re.search(rf"{NUMBER} (?:update|epoch|sample)s? for {who}\b", said)
    never = re.search(rf"never (?:gone )?in this run for [^.]*(?<![-\w]){who}\b", said)
    if hits.size:
        near(found[1], raw.counted(int(hits[0]), size, n))
    else:
        assert never, said
    assert not (hits.size and never)


def check_batch(said, run):
    cost = run.batch_cost
    if found := re.search(r"Batch cost rises at update ([\d,]+)", said):
        t = int(found[1].replace(",", ""))
        assert cost[t - 1] > cost[t - 2]
        assert (np.diff(cost[: t - 1]) <= 1e-12 * cost[: t - 2]).all()
        assert "the rate is too big" in said
        return {"rises"}
    if "Batch cost falls at each" in said:
        assert (np.diff(cost) < 0).all()
        return {"falls"}
    return set()


def grows_for_ever(raw, size):
    """Whether the second moments of independent draws grow from epoch to epoch: the spectral radius of their linear map."""
    h, m, lr, eye = raw.hessian, raw.s["m"], raw.s["gd.lr"], np.eye(2)
    fourth = np.einsum("im,jm,km,lm->ikjl", raw.x, raw.x, raw.x, raw.x).reshape(4, 4) / m
    twice = np.kron(h, h)

    def moved(b):
        return np.kron(eye - lr * h, eye - lr * h) + lr**2 * (fourth - twice) / b

    epoch = np.linalg.matrix_power(moved(size), (m - 1) // size) @ moved(m - (m - 1) // size * size)
    independent = raw.s["drawing"] == "replacement" and size < m
    return independent and max(abs(np.linalg.eigvals(v)).max() for v in (epoch, moved(size))) >= 1


def check_noise(said, run, n, endless):
    found = re.search(rf"rises at ([\d,]+) of its ([\d,]+) updates?[^.]*from {NUMBER} to {NUMBER}\.(?: |$)", said)
    if not found:
        return set()
    cost = run.batch_cost
    assert int(found[2].replace(",", "")) == cost.size
    assert int(found[1].replace(",", "")) == (np.diff(cost) > 1e-12 * abs(cost[:-1])).sum()
    near(found[3], cost[:n].mean())
    near(found[4], cost[-n:].mean())
    means = [statistics.fmean(cost[i : i + n]) for i in range(0, cost.size, n)]
    late = means[len(means) // 2 :]
    stays_low = means[-1] < means[0] and max(late) < means[0] / 1.5 + min(late) / 3
    assert ("trends down" in said) == (stays_low and not endless and bool((np.diff(cost) > 0).any()))
    return {"trend"} if "trends down" in said else set()


def check_staying(said, who, raw):
    """The verdict against 40 runs with other batches: their mean is the path without noise, their scatter the noise floor."""
    size, n, run = raw.run(who)
    found = re.search(rf"second half of its path {who} is (?:{NUMBER} to )?{NUMBER} from the minimum", said)
    if found:
        away = np.linalg.norm(run.path[len(run.path[1:]) // 2 :] - raw.best, axis=1)
        near(found[2], away.max())
        near(found[1] or found[2], away.min())
    if "millionth" in said:
        away = np.linalg.norm(run.path[len(run.path[1:]) // 2 :] - raw.best, axis=1)
        assert away.max() <= 1e-6 * np.linalg.norm(raw.start - raw.best)
        return {"settled"}
    floor = re.search(rf"noise floor of this rate and batch size is about {NUMBER}", said)
    if not floor:
        return set()
    # Runs that begin at the minimum have the noise alone. The floor is reached after a few times 1/(lr lambda).
    lr, flat = raw.s["gd.lr"], np.linalg.eigvalsh(raw.hessian)[0]
    epochs = max(2, math.ceil(3 / (lr * flat) / n))
    if epochs * n > 3000 or raw.s["linear_regression.noise"] == 0:
        return set()
    more = train(
        raw.data, "gd", tuple(raw.best), 2 * epochs, size, lr=lr, drawing=raw.s["drawing"], seed=1000 + np.arange(40)
    )
    late = more.path[:, epochs * n + 1 :]
    scatter = math.sqrt(((late - raw.best) ** 2).sum(axis=-1).mean())
    assert value(floor[1]) == pytest.approx(scatter, rel=0.3)
    left = np.linalg.matrix_power(np.eye(2) - lr * raw.hessian, run.batch_cost.size) @ (raw.start - raw.best)
    left = np.linalg.norm(left)
    assert ("does not settle" in said or "just come down" in said) == (
        left <= value(floor[1]) * 1.03
    ) or left == pytest.approx(value(floor[1]), rel=0.06)
    return {"wanders"} if "does not settle" in said else {"way"}


def test_the_cloud_is_as_wide_as_the_sentence_says():
    for seed in range(12):
        s = settings(seed) | {
            "gd.lr": round(random.Random(seed).uniform(0.02, 0.4), 3),
            "epochs": 6,
            "replicas": 60,
            "section": "noise",
        }
        raw, said = Raw(s), PICTURES["noise"].caption(compute(s))
        size, n = s["batch_size"], -(-s["m"] // s["batch_size"])
        steps = np.arange(6 * n) * 100 / n
        decay = 1 / (1 + s["inverse_time_decay.decay_rate"] * steps / s["inverse_time_decay.decay_steps"])
        widths = []
        for factor in (1.0, decay):
            run = train(
                raw.data,
                "gd",
                tuple(raw.start),
                6,
                size,
                lr=s["gd.lr"],
                schedule=factor,
                drawing=s["drawing"],
                seed=s["seed"] + np.arange(60),
            )
            end = run.path[:, -1]
            widths.append(math.sqrt(((end - end.mean(axis=0)) ** 2).sum() / 59))
        found = re.search(
            rf"fixed-rate runs lie {NUMBER} from their mean \(root mean square distance\), those with decay {NUMBER}",
            said,
        )
        near(found[1], widths[0])
        near(found[2], widths[1])
        if ratio := re.search(rf": {NUMBER} times (tighter|wider)", said):
            near(ratio[1], max(widths) / min(widths))
            assert (ratio[2] == "tighter") == (widths[1] < widths[0])


def moments(raw, size, lr):
    """E[e e^T] after 2^13 independent draws from the minimum, step by step the expectation over samples."""
    fourth = np.einsum("im,jm,km,lm->ijkl", raw.x, raw.x, raw.x, raw.x, optimize=True) / raw.s["m"]
    g = raw.x * (raw.best @ raw.x - raw.y)
    covariance, h = g @ g.T / raw.s["m"], raw.hessian

    def after(now, covariance):
        noise = np.einsum("ijkl,jk->il", fourth, now) - h @ now @ h + covariance
        return now - lr * (h @ now + now @ h) + lr**2 * (h @ now @ h + noise / size)

    step = np.eye(5)  # of the four entries and a one
    step[:4, :4] = np.stack([after(unit, 0).ravel() for unit in np.eye(4).reshape(4, 2, 2)], axis=1)
    step[:4, 4] = after(np.zeros((2, 2)), covariance).ravel()
    return np.linalg.matrix_power(step, 2**13)[:4, 4].reshape(2, 2)


@pytest.mark.parametrize("seed", range(10))
def test_presets_of_the_target_hold_for_every_seed(seed):
    # Which batch sizes the noise keeps above the target: mean excess cost tr(H M)/2 against 0.03 % of the start's.
    for title, kept in (("Try a few powers of two", 16), ("A smaller rate calms the noise", 4)):
        (preset,) = (p for p in LESSON.presets if p.title == title)
        s = LESSON.settings(**(preset.settings | {"seed": seed, "linear_regression.seed": seed}))
        raw, results = Raw(s), compute(s)
        target = 0.0003 * (raw.cost(raw.start) - raw.cost(raw.best))
        for size in (kept, 2 * kept):
            excess = 0.5 * np.trace(raw.hessian @ moments(raw, size, s["gd.lr"]))
            assert (excess > target) == (size == kept) == results.stays_above(size)


@pytest.mark.parametrize("seed", range(10))
def test_presets_of_the_paths_hold_for_every_seed(seed):
    preset = {p.title: p for p in LESSON.presets}

    def raw_of(title):
        return Raw(LESSON.settings(**(preset[title].settings | {"seed": seed})))

    raw = raw_of("Rate too low: it crawls")
    first = raw.cost(raw.start) - raw.cost(raw.best)
    left = {who: float(raw.cost(raw.run(who)[2].path[-1]) - raw.cost(raw.best)) / first for who in SIZES}
    assert left["batch"] > 0.85
    assert 0.2 < left["mini-batch"] < 0.7
    assert left["stochastic"] < 0.03

    raw = raw_of("Rate a bit high: quick, then it wanders")
    path = raw.run("mini-batch")[2].path
    assert (raw.cost(path[:33]) - raw.cost(raw.best)).min() < 0.1 * (raw.cost(raw.start) - raw.cost(raw.best))
    assert 0.35 < math.sqrt(((path[320:] - raw.best) ** 2).sum(axis=1).mean()) < 0.75

    raw = raw_of("Below 2,000 samples use batch")
    goal = raw.cost(raw.best) + 0.1 * (raw.cost(raw.start) - raw.cost(raw.best))
    epochs = [
        int(np.argmax(raw.cost(raw.run(who)[2].path) <= goal)) / raw.run(who)[1] for who in ("batch", "mini-batch")
    ]
    assert epochs[0] > 5 * epochs[1]

    raw = raw_of("Batch cost falls, mini-batch cost is noisy")
    assert (np.diff(raw.run("batch")[2].batch_cost) < 0).all()
    assert (np.diff(raw.run("mini-batch")[2].batch_cost) > 0).sum() > 20


def test_the_cut_of_the_lecture():
    assert 5000 * 1000 == 5_000_000
    assert (4882 * 1024 + 832, 2**10) == (5_000_000, 1024)
    said = PICTURES["cutting"].caption(compute(LESSON.settings()))
    assert "The nearest power of two, 1,024 = 2¹⁰, would make 4,883 batches." in said
