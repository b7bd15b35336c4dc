"""The code of each schedule: it is what was run in the real libraries, where it gave our rates, and says what it should."""

import ast
import math

import numpy as np
import pytest
from support.schedule_settings import settings
from support.snippet_facts import read, shape

from lrviz.lessons.schedules.snippets import LIBRARY, code
from lrviz.registry import Registry
from lrviz.schedules import SCHEDULES, warmup
from lrviz.scheduling import Schedule

pytestmark = pytest.mark.thorough

CASES = read()[1]
ANEW = "not among what was run: `make facts` runs it and records it anew;"
EVERY = pytest.mark.parametrize("library", LIBRARY.options)
RECORDED = {case.schedule for case in CASES}  # a schedule that was just added is not, until `make facts` has run
NAMES = pytest.mark.parametrize("name", [name for name in SCHEDULES if name in RECORDED])


def same_code(got, want):
    """The same program; comments and how the lines are broken do not matter."""
    return ast.dump(ast.parse(got)) == ast.dump(ast.parse(want))


def tolerance(library, case):
    """Relative: keras.ops computes some functions in float32, and listed beginnings have six decimals."""
    if library == "keras" and "from keras import ops" in case.runs[library].code:
        return 2e-5
    listed = library == "optax" and case.schedule == "cosine_decay_restarts"
    return 1e-6 if listed else 1e-11


@NAMES
@EVERY
def test_the_code_is_what_was_run_and_gave_our_rates(name, library):
    """Recorded with the libraries themselves; where they are installed, tests/verify runs the code again."""
    cases = [case for case in CASES if case.schedule == name]
    assert len(cases) >= 12
    for case in cases:
        run = case.runs[library]
        text = code(name, case.settings, library, case.warmup)
        assert same_code(text, run.code), f"{ANEW} {case[:3]}"
        assert text.startswith(f"# {SCHEDULES[name].label}")
        assert ("warm-up" in text.splitlines()[0]) == (case.warmup > 0)
        want = warmup(name, case.warmup)(case.steps, **case.settings)
        room = tolerance(library, case)
        np.testing.assert_allclose(run.rates, want, rtol=room, atol=room * want.max() / 10, err_msg=str(case[:3]))


@NAMES
@EVERY
def test_code_with_other_settings_differs_from_what_was_run_in_numbers_alone(name, library):
    ran = {shape(case.runs[library].code) for case in CASES if case.schedule == name}
    for given, warm in settings(name, chosen=False, seed=1, count=15):
        assert shape(code(name, given, library, warm)) in ran, f"{ANEW} {given}"


def test_a_restart_is_not_lost_in_any_library():
    """Cycles of 10, 30, 90, 270, 810 steps: the sixth begins at 1210."""
    settings = {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 3.0}
    text = code("cosine_decay_restarts", settings, "torch")
    assert "CosineAnnealingWarmRestarts" in text
    assert "T_0=10" in text
    assert "keras.optimizers.schedules.CosineDecayRestarts(" not in code("cosine_decay_restarts", settings, "keras")


@pytest.mark.parametrize(
    ("name", "settings", "library", "call"),
    [
        ("cosine_decay", {}, "keras", "keras.optimizers.schedules.CosineDecay("),
        (
            "polynomial_decay",
            {"cycle": True, "decay_steps": 40},
            "keras",
            "keras.optimizers.schedules.PolynomialDecay(",
        ),
        ("polynomial_decay", {"cycle": True}, "keras", "def polynomial_decay("),  # 1/1000 is rounded up in float32
        ("exponential_decay", {"decay_steps": 41}, "optax", "optax.exponential_decay("),
        ("exponential_decay", {"decay_steps": 41, "staircase": True}, "optax", "def exponential_decay("),
        ("exponential_decay", {"decay_steps": 100, "staircase": True}, "optax", "optax.exponential_decay("),
        ("step_decay", {}, "keras", "keras.optimizers.schedules.ExponentialDecay("),
        ("manual_decay", {}, "keras", "keras.optimizers.schedules.PiecewiseConstantDecay("),
        ("step_decay", {}, "torch", "torch.optim.lr_scheduler.StepLR("),
        ("one_cycle", {}, "torch", "torch.optim.lr_scheduler.OneCycleLR("),
        ("cosine_decay", {}, "torch", "torch.optim.lr_scheduler.LambdaLR("),
        ("cosine_decay", {}, "optax", "optax.cosine_decay_schedule("),
        ("polynomial_decay", {"cycle": True}, "optax", "def polynomial_decay("),
        ("noam", {}, "keras", "LearningRateSchedule):"),
        ("polynomial_decay", {"power": 0.5}, "keras", "def polynomial_decay("),
        ("polynomial_decay", {"power": 0.5}, "optax", "def polynomial_decay("),
    ],
)
def test_the_librarys_own_class_is_used_where_it_is_equal(name, settings, library, call):
    assert call in code(name, settings, library)


def test_present_settings_are_in_the_code():
    text = code("polynomial_decay", {"initial_learning_rate": 0.1, "decay_steps": 10000, "power": 0.5}, "keras")
    assert "initial_learning_rate=0.1" in text
    assert "decay_steps=10000," in text
    assert "power=0.5" in text


def test_a_schedule_of_ones_own_has_code_too(monkeypatch):
    """One definition is enough: the code is made from the rule."""
    own = Registry("schedule")
    monkeypatch.setattr("lrviz.lessons.schedules.snippets.SCHEDULES", own)
    own.add(Schedule("square_root", "Square root", SCHEDULES["constant"].params, square_root, "", ""))
    namespace = {"np": np}
    text = code("square_root", {"initial_learning_rate": 2.0}, "torch")
    exec(text[text.index("def square_root") : text.index("model =")], namespace)
    assert namespace["schedule"](49) == pytest.approx(14.0)


def square_root(step, *, initial_learning_rate):
    """Not a sensible schedule."""
    return initial_learning_rate * np.sqrt(step)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("cosine", {}, "keras"), KeyError, "unknown schedule 'cosine'"),
        (("constant", {}, "keers"), ValueError, "code: library must be one of keras, torch, optax, got 'keers'"),
        (("constant", {}, "keras", -1), ValueError, "code: warmup_steps must be a whole number >= 0, got -1"),
        (("constant", {"rate": 1}, "keras"), TypeError, "constant has no parameter 'rate'"),
        (("constant", {"initial_learning_rate": math.nan}, "keras"), ValueError, "constant: initial_learning_rate"),
        (
            ("constant", {"initial_learning_rate": np.ones(2)}, "keras"),
            ValueError,
            "code: initial_learning_rate must be one number, got 2",
        ),
    ],
)
def test_bad_input(arguments, error, message):
    with pytest.raises(error) as caught:
        code(*arguments)
    assert str(caught.value).startswith(message)
