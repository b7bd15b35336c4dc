"""The code of each schedule: it compiles, says what it should, and gives our rates where the library is importable.

The libraries are not dependencies. Run with them: keras 3.15.1 (on the torch backend, which computes in float64),
torch 2.13.0, optax 0.2.8.
"""

import math
import os

import numpy as np
import pytest

from lrviz.lessons.schedules.snippets import LIBRARY, code
from lrviz.registry import Registry
from lrviz.schedules import SCHEDULES, warmup
from lrviz.scheduling import Schedule

SETTINGS = [
    *((name, {}) for name in SCHEDULES),
    ("constant", {"initial_learning_rate": 1.0}),
    ("inverse_time_decay", {"decay_steps": 7, "decay_rate": 0.5, "staircase": True}),
    ("inverse_time_decay", {"decay_steps": 2.5, "decay_rate": 1.0}),
    ("exponential_decay", {"initial_learning_rate": 1.0, "decay_steps": 7, "decay_rate": 0.9, "staircase": True}),
    ("exponential_decay", {"decay_steps": 2.5, "decay_rate": 0.9, "staircase": True}),
    ("inverse_sqrt_decay", {"k": 0.5, "decay_steps": 10}),
    ("step_decay", {"decay_steps": 25, "drop": 0.3}),
    ("step_decay", {"decay_steps": 12.5, "drop": 0.3}),
    ("piecewise_constant_decay", {"boundaries": (25,), "values": (1.0, 0.1)}),
    ("piecewise_constant_decay", {"boundaries": (0, 9.5, 9.7, 50), "values": (0.5, 0.4, 0.3, 0.2, 0.0)}),
    ("piecewise_constant_decay", {"boundaries": (), "values": (0.3,)}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.01, "power": 0.5}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.01, "power": 2.0, "cycle": True}),
    ("polynomial_decay", {"decay_steps": 40, "end_learning_rate": 0.0, "power": 2.0}),
    ("cosine_decay", {"decay_steps": 40, "alpha": 0.1}),
    ("cosine_decay", {"decay_steps": 40, "alpha": 0.1, "warmup_steps": 10, "warmup_target": 0.5}),
    ("cosine_decay", {"decay_steps": 40, "warmup_steps": 0, "warmup_target": 0.5}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 3.0, "alpha": 0.2}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 1.5, "m_mul": 0.8}),
    ("cosine_decay_restarts", {"first_decay_steps": 10, "t_mul": 1.0, "m_mul": 0.8}),
    ("linear_cosine_decay", {"decay_steps": 40, "num_periods": 2.0, "alpha": 0.3, "beta": 0.01}),
    ("noisy_linear_cosine_decay", {"decay_steps": 40, "num_periods": 2.0, "initial_variance": 0.1, "seed": 3}),
    ("one_cycle", {"total_steps": 121, "pct_start": 0.25, "div_factor": 10.0, "final_div_factor": 100.0}),
    ("one_cycle", {"total_steps": 125, "pct_start": 1.0}),
    ("one_cycle", {"total_steps": 125, "pct_start": 0.008}),
    ("noam", {"initial_learning_rate": 1.0, "model_dim": 64, "warmup_steps": 20}),
    ("rsqrt_decay", {"warmup_steps": 20}),
    ("manual_decay", {"edits": (10, 0.05, 30, 0.01)}),
    ("manual_decay", {"edits": (0, 0.5, 10.2, 0.3, 10.4, 0.2, 60, 0.0)}),
    ("manual_decay", {"edits": ()}),
]
CASES = [(name, settings, warm) for name, settings in SETTINGS for warm in (0, 1, 7)]
EVERY = pytest.mark.parametrize(("name", "settings", "warm"), CASES)
STEPS = np.array([*range(0, 62), 80, 81, 99, 100, 101, 107, 120])


def run(text):
    names = {}
    exec(compile(text, "snippet", "exec"), names)
    return names


def expected(name, settings, warm, steps=STEPS):
    return warmup(name, warm)(steps, **settings)


def close(got, want):
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


@EVERY
@pytest.mark.parametrize("library", LIBRARY.options)
def test_every_snippet_compiles_and_names_its_schedule(name, settings, warm, library):
    text = code(name, settings, library, warm)
    compile(text, "snippet", "exec")
    assert text.startswith(f"# {SCHEDULES[name].label}")
    assert ("warm-up" in text.splitlines()[0]) == (warm > 0)
    assert text.count("schedule") >= 1
    assert "lrviz" not in text


@EVERY
def test_torch(name, settings, warm):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    names = run(code(name, settings, "torch", warm))
    optimizer, scheduler = names["optimizer"], names["scheduler"]
    assert isinstance(scheduler, torch.optim.lr_scheduler.LRScheduler)
    rates = []
    for step in range(STEPS[-1] + 1):
        if step:
            optimizer.step()
            scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    close(np.array(rates)[STEPS], expected(name, settings, warm))


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "torch")
    library = pytest.importorskip("keras", reason="keras is not installed")
    before = library.config.floatx()
    library.config.set_floatx("float64")
    yield library
    library.config.set_floatx(before)


@EVERY
def test_keras(keras, name, settings, warm):
    text = code(name, settings, "keras", warm)
    names = run(text)
    schedule = names["schedule"]
    assert isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule)
    assert type(schedule).from_config(schedule.get_config())(3) == schedule(3)
    rates = [float(schedule(int(step))) for step in STEPS]
    if "from keras import ops" in text:  # keras.ops computes some functions in float32, whatever floatx is
        np.testing.assert_allclose(rates, expected(name, settings, warm), rtol=2e-6, atol=2e-8)
    else:
        close(rates, expected(name, settings, warm))
    assert float(names["optimizer"].learning_rate) == pytest.approx(expected(name, settings, warm, 0), rel=1e-6)


@pytest.fixture(scope="module")
def optax():
    library = pytest.importorskip("optax", reason="optax is not installed")
    import jax

    with jax.enable_x64(True):
        yield library


@EVERY
def test_optax(optax, name, settings, warm):
    import jax

    schedule = run(code(name, settings, "optax", warm))["schedule"]
    close([float(schedule(int(step))) for step in STEPS[:3]], expected(name, settings, warm, STEPS[:3]))
    close(jax.jit(jax.vmap(schedule))(STEPS), expected(name, settings, warm))


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
