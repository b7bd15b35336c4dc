"""The schedules' code in the real libraries: the recorded rates are theirs, and pasted, nothing set, it gives ours."""

import numpy as np
import pytest
from running import RECORDED, need, rates, versions
from support.snippet_facts import read

from lrviz.lessons.schedules.native import native
from lrviz.lessons.schedules.snippets import code
from lrviz.schedules import SCHEDULES, warmup

need()
pytestmark = pytest.mark.verify
VERSIONS, CASES = read()
ANEW = "`make facts` records anew"


def test_the_recorded_versions_are_those_that_are_installed():
    assert versions() == VERSIONS, ANEW


@pytest.mark.parametrize("library", RECORDED)
def test_the_recorded_rates_are_the_librarys(library):
    """To rounding in float64, which differs between processors."""
    found = rates([(case.runs[library].code, case.steps) for case in CASES], *RECORDED[library])
    for case, seen in zip(CASES, found, strict=True):
        room = 1e-6 if library == "keras" else 1e-12  # keras.ops computes some functions in float32
        np.testing.assert_allclose(seen, case.runs[library].rates, rtol=room, atol=1e-14, err_msg=f"{ANEW} {case[:3]}")


@pytest.mark.parametrize(
    ("words", "backend"),
    [
        (("torch",), "torch"),
        (("keras",), "torch"),
        (("keras",), "jax"),
        (("keras", "compiled"), "jax"),
        (("optax",), "jax"),
        (("optax", "compiled"), "jax"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
def test_pasted_as_shown_it_gives_our_rates(words, backend):
    """In float32, where cosines of many periods and powers of small numbers lose the most; no stair may be a step off."""
    codes = [(code(case.schedule, case.settings, words[0], case.warmup), case.steps) for case in CASES]
    for case, seen in zip(CASES, rates(codes, *words, backend=backend), strict=True):
        want = warmup(case.schedule, case.warmup)(case.steps, **case.settings)
        np.testing.assert_allclose(seen, want, rtol=3e-5, atol=3e-6 * want.max(), err_msg=str(case[:3]))


STAIRS = {
    "exponential_decay": {"decay_rate": 0.97, "staircase": True},
    "inverse_time_decay": {"staircase": True},
    "inverse_sqrt_decay": {},
    "polynomial_decay": {"cycle": True},
    "cosine_decay_restarts": {"t_mul": 1.0},
}


@pytest.mark.parametrize("library", ["keras", "optax"])
@pytest.mark.parametrize("name", STAIRS)
def test_compiled_no_stair_of_any_length_is_a_step_off(name, library):
    """Where the reciprocal of the length is rounded too far the library's own class would be."""
    key = "first_decay_steps" if name == "cosine_decay_restarts" else "decay_steps"
    given = [STAIRS[name] | {key: length} for length in (*range(1, 60), 100, 391, 1000, 2.5, 5.9, 41.3)]
    assert any(native(library, name, SCHEDULES[name].settings(**g)) is None for g in given)
    ends = [[round(g[key] * stages) for stages in (1, 2, 3, 7, 11, 127, 1000)] for g in given]
    steps = [sorted({step + more for step in row for more in (-1, 0, 1)}) for row in ends]
    codes = [(code(name, g, library), row) for g, row in zip(given, steps, strict=True)]
    for g, row, seen in zip(given, steps, rates(codes, library, "compiled", backend="jax"), strict=True):
        want = SCHEDULES[name](row, **g)
        np.testing.assert_allclose(seen, want, rtol=1e-4, atol=1e-3 * want.max(), err_msg=str(g))


def test_why_another_class_is_not_used():
    """What the comments say of the libraries' own classes, in the code that is shown."""
    keras = "import keras\nschedule = keras.optimizers.schedules.{}\noptimizer = keras.optimizers.SGD(schedule)"
    optax = "import optax\nschedule = optax.{}\noptimizer = optax.sgd(schedule)"
    stairs, cycles = "ExponentialDecay(1.0, 41, 0.5, staircase=True)", "PolynomialDecay(1.0, 1000, 0.0, cycle=True)"
    codes = [(keras.format(stairs), [41]), (keras.format(cycles), [7000])]
    codes.append(
        (keras.format("CosineDecayRestarts(1.0, 5, t_mul=2.0)"), [40955, 163835])
    )  # 5 (2^13 - 1), 5 (2^15 - 1)
    [[late], [early], lost] = rates(codes, "keras", "compiled", backend="jax")
    assert late == 1.0  # not 0.5 yet
    assert early == pytest.approx(1 - 7 / 8)  # not 0 any more
    assert min(lost) < 0.01  # not 1
    [[late]] = rates([(optax.format("exponential_decay(1.0, 41, 0.5, staircase=True)"), [41])], "optax", "compiled")
    assert late == 1.0
