"""What every schedule must do, whichever it is: the contract over the registry."""

import dataclasses
import math

import numpy as np
import pytest

from lrviz.params import KINDS
from lrviz.registry import Registry
from lrviz.schedules import SCHEDULES, Schedule, schedule, warmup

NAMES = (
    "constant",
    "inverse_time_decay",
    "exponential_decay",
    "inverse_sqrt_decay",
    "step_decay",
    "piecewise_constant_decay",
    "polynomial_decay",
    "cosine_decay",
    "cosine_decay_restarts",
    "linear_cosine_decay",
    "noisy_linear_cosine_decay",
    "one_cycle",
    "noam",
    "rsqrt_decay",
    "manual_decay",
)
NOISY = ("noisy_linear_cosine_decay",)
STEPS = np.array([0, 1, 2, 99, 100, 101, 400, 401, 700, 998, 999, 1000, 1001, 4000, 1e5, 1e9])
EVERY = pytest.mark.parametrize("name", SCHEDULES)
PAIRS = [(name, param) for name, entry in SCHEDULES.items() for param in entry.params]
EACH = pytest.mark.parametrize(("name", "param"), [(name, param.name) for name, param in PAIRS])
EACH_NUMBER = pytest.mark.parametrize(
    ("name", "param"), [(name, param.name) for name, param in PAIRS if param.kind in ("number", "integer")]
)
RATES = {"values", "edits", "end_learning_rate"}
EVERY_SCALED = pytest.mark.parametrize(
    "name", [name for name, entry in SCHEDULES.items() if not RATES & {param.name for param in entry.params}]
)


def param_of(name, param):
    return next(p for p in SCHEDULES[name].params if p.name == param)


def swept(param):
    """Values over what a control offers: a slider's range, both positions of a switch, every word."""
    if param.slider is not None:
        low, high = param.slider
        values = np.geomspace(low, high, 7) if param.log else np.linspace(low, high, 7)
        values = [float(np.clip(value, low, high)) for value in values]
        return sorted({round(value) for value in values}) if param.kind == "integer" else values
    return {"flag": [False, True], "choice": list(param.options)}.get(param.kind, [param.default])


def test_the_schedules_of_the_package_in_display_order():
    assert tuple(SCHEDULES)[: len(NAMES)] == NAMES


@EVERY
def test_an_entry_describes_itself(name):
    entry = SCHEDULES[name]
    assert entry.name == name
    assert entry.label[0].isupper()
    assert entry.formula
    assert entry.source
    assert len({p.name for p in entry.params}) == len(entry.params)
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.name = "other"


def test_labels_differ():
    assert len({entry.label for entry in SCHEDULES.values()}) == len(SCHEDULES)


@EACH
def test_a_control_can_be_drawn_for_every_parameter(name, param):
    param = param_of(name, param)
    assert param.help.endswith(".") or param.help.endswith("...")
    assert param.kind in KINDS
    if param.kind in ("number", "integer"):
        low, high = param.slider
        assert low < high
        assert not param.log or low > 0
        assert param.default is None or low <= param.default <= high
        for end in param.slider:
            param.check(end, name)


@EACH
def test_every_parameter_over_its_control(name, param):
    for value in swept(param_of(name, param)):
        rates = SCHEDULES[name](STEPS, **{param: value})
        assert np.all(np.isfinite(rates)), value
        assert np.all(rates >= 0) or name in NOISY, value


@EVERY
def test_the_default_call_is_finite_and_not_negative(name):
    rates = SCHEDULES[name](np.arange(1001))
    assert rates.shape == (1001,)
    assert np.all(np.isfinite(rates))
    assert name in NOISY or np.all(rates >= 0)
    assert rates.max() > 0


@EVERY
def test_a_scalar_gives_the_float_that_the_array_has(name):
    rates = SCHEDULES[name](STEPS)
    for step, rate in zip(STEPS, rates, strict=True):
        for same in (float(step), int(step), np.int64(step), np.array(step)):
            single = SCHEDULES[name](same)
            assert type(single) is float
            assert single == pytest.approx(rate, rel=1e-14)


@EVERY
@pytest.mark.parametrize("shape", [(0,), (1,), (2,), (3,), (2, 3)])
def test_the_shape_of_the_steps_is_the_shape_of_the_rates(name, shape):
    steps = np.arange(math.prod(shape)).reshape(shape) * 37
    rates = SCHEDULES[name](steps)
    assert rates.shape == shape
    assert rates.dtype == float
    assert np.array_equal(rates.ravel(), [SCHEDULES[name](int(step)) for step in steps.ravel()])


@EVERY
def test_steps_need_not_be_whole_or_an_array(name):
    assert np.array_equal(SCHEDULES[name]([0, 2.5, 700.25]), SCHEDULES[name](np.array([0, 2.5, 700.25])))
    assert np.all(np.isfinite(SCHEDULES[name](np.linspace(0, 2000, 4001))))


@EACH_NUMBER
def test_numbers_may_be_arrays_that_broadcast_against_the_steps(name, param):
    described = param_of(name, param)
    for values in (swept(described)[:2], swept(described)[2:5]):
        batch = SCHEDULES[name](STEPS, **{param: np.array(values)[:, None]})
        singles = np.array([SCHEDULES[name](STEPS, **{param: value}) for value in values])
        np.testing.assert_allclose(np.broadcast_to(batch, singles.shape), singles, rtol=1e-14)


@EVERY
def test_the_callers_arrays_are_left_alone(name):
    steps = np.arange(1001.0)
    rates = SCHEDULES[name](steps)
    before = rates.copy()
    rates += 1
    assert np.array_equal(steps, np.arange(1001.0))
    assert np.array_equal(SCHEDULES[name](steps), before)


@EVERY
@pytest.mark.parametrize("step", [-1, -1e-9, math.nan, math.inf, [0, -3], True, "3", None])
def test_a_bad_step_is_a_value_error(name, step):
    with pytest.raises(ValueError, match=rf"^{name}: step must be >= 0, got "):
        SCHEDULES[name](step)


@EVERY
def test_an_unknown_parameter_is_a_type_error(name):
    takes = ", ".join(p.name for p in SCHEDULES[name].params)
    with pytest.raises(TypeError, match=rf"^{name} has no parameter 'decay'; it takes {takes}$"):
        SCHEDULES[name](0, decay=1)


@EACH
def test_a_value_out_of_range_is_a_value_error_that_names_it(name, param):
    described = param_of(name, param)
    bad = {
        "number": [-1.0, math.nan, math.inf, "0.1", True, [0.5, -1.0]],
        "integer": [-1, 2.5, math.nan, "3", True],
        "flag": [1, "yes", None],
        "numbers": [(1.0, -2.0), (math.nan, 1.0), "12", 3.0, [True, False]],
    }[described.kind]
    bad += [None] if not described.optional else []
    bad += (
        [math.nextafter(described.high, math.inf)] if described.high < math.inf and described.kind == "number" else []
    )
    bad += [described.low] if described.open_low else []
    for value in bad:
        with pytest.raises(ValueError, match=rf"^{name}: {param} must be .*, got "):
            SCHEDULES[name](0, **{param: value})


@EACH_NUMBER
def test_the_ends_of_the_legal_range_are_legal(name, param):
    described = param_of(name, param)
    for end, excluded in ((described.low, described.open_low), (described.high, described.open_high)):
        if math.isfinite(end) and not excluded:
            assert np.all(np.isfinite(SCHEDULES[name](np.arange(50), **{param: end})))


@EVERY_SCALED
def test_the_initial_learning_rate_is_a_factor_where_no_other_rate_is_given(name):
    entry = SCHEDULES[name]
    one, three = entry(STEPS, initial_learning_rate=1.0), entry(STEPS, initial_learning_rate=3.0)
    np.testing.assert_allclose(three, 3 * one, rtol=1e-14)


@EVERY
@pytest.mark.parametrize("steps", [0, 1, 7])
def test_warmup_of_every_schedule(name, steps):
    entry = SCHEDULES[name]
    warmed = warmup(name, steps)
    assert (warmed.name, warmed.params) == (entry.name, entry.params)
    n = np.arange(1001)
    rates, plain = warmed(n), entry(n)
    assert np.array_equal(rates[steps:], plain[: 1001 - steps])
    np.testing.assert_allclose(rates[:steps], entry(0) * (np.arange(steps) + 1) / max(steps, 1), rtol=1e-14)
    assert np.array_equal([warmed(int(i)) for i in (0, 3, 7, 8)], rates[[0, 3, 7, 8]])
    assert np.array_equal(warmup(entry, steps)(n), rates)


def test_unknown_names():
    with pytest.raises(KeyError, match=r"^unknown schedule 'cosine_decya'; did you mean 'cosine_decay'\?$"):
        SCHEDULES["cosine_decya"]
    with pytest.raises(KeyError, match=r"^unknown schedule 'cosin_decay'"):
        warmup("cosin_decay", 10)


def test_a_new_schedule_is_one_definition(monkeypatch):
    own = Registry("schedule")
    monkeypatch.setattr("lrviz.scheduling.SCHEDULES", own)

    @schedule(label="Halved", params=SCHEDULES["constant"].params, formula="a_0/2", source="this test")
    def halved(step, *, initial_learning_rate):
        return 0.5 * initial_learning_rate + 0 * step

    assert isinstance(halved, Schedule)
    assert list(own) == ["halved"]
    assert own["halved"](3, initial_learning_rate=0.4) == 0.2
    with pytest.raises(ValueError, match=r"^schedule: name must be new, got 'halved'$"):
        own.add(halved)
