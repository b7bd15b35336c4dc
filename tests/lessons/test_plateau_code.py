"""The code that cuts a rate on plateaus, run as it is pasted."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from lrviz.lessons.schedules.plateau_code import plateau_code
from lrviz.plateau import reduce_on_plateau

MISSING = "torch, keras, jax, optax not installed"
RULES = [
    {"initial_learning_rate": 0.1, "factor": 0.5, "patience": 2, "threshold": 1e-4, "cooldown": 0, "min_lr": 0.0},
    {"initial_learning_rate": 0.5, "factor": 0.1, "patience": 0, "threshold": 0.05, "cooldown": 3, "min_lr": 0.001},
    {"initial_learning_rate": 0.1, "factor": 0.0, "patience": 1, "threshold": 0.0, "cooldown": 2, "min_lr": 0.2},
    {"initial_learning_rate": 0.2, "factor": 0.0, "patience": 4, "threshold": 0.0, "cooldown": 0, "min_lr": 0.0},
]
LOSSES = [
    float(np.float32(v)) for v in np.abs(np.random.RandomState(3).normal(1, 0.5, 60)) * np.exp(-np.arange(60) / 20)
]


def keras_rates(rule):
    """The rates that the callback sets, given the losses of LOSSES as those of its epochs."""
    space = {}
    exec(plateau_code("keras", rule, 10), space)
    callback = space["ReduceOnPlateau"]()
    callback.set_model(SimpleNamespace(optimizer=space["optimizer"]))
    rates = []
    for loss in LOSSES:
        callback.on_epoch_end(0, {"loss": loss})
        rates.append(float(space["optimizer"].learning_rate))
    return rates


@pytest.mark.parametrize("rule", RULES)
def test_the_callback_for_keras_cuts_as_the_rule_does(rule, monkeypatch):
    class Callback:
        def set_model(self, model):
            self.model = model

    optimizers = SimpleNamespace(SGD=SimpleNamespace)  # an object with a learning_rate is all the callback asks for
    stub = SimpleNamespace(callbacks=SimpleNamespace(Callback=Callback), optimizers=optimizers)
    monkeypatch.setitem(sys.modules, "keras", stub)
    np.testing.assert_allclose(keras_rates(rule), reduce_on_plateau(LOSSES, **rule), rtol=1e-12)


@pytest.mark.parametrize("library", ["torch", "keras", "optax"])
def test_the_code_has_the_present_settings(library):
    text = plateau_code(library, RULES[1] | {"patience": 17}, 25)
    compile(text, library, "exec")
    for part in ("0.5", "0.1", "0.05", "18" if library == "optax" else "17"):
        assert part in text


@pytest.mark.verify
@pytest.mark.parametrize("rule", RULES)
def test_the_code_for_torch_cuts_as_the_rule_does(rule):
    pytest.importorskip("torch", reason=MISSING)
    space, rates = {}, []
    exec(plateau_code("torch", rule, 10), space)
    for loss in LOSSES:
        space["optimizer"].step()
        space["scheduler"].step(loss)
        rates.append(space["optimizer"].param_groups[0]["lr"])
    np.testing.assert_allclose(rates, reduce_on_plateau(LOSSES, **rule), rtol=1e-12)


@pytest.mark.verify
@pytest.mark.parametrize("rule", RULES)
def test_the_code_for_real_keras_and_optax_cuts_as_the_rule_does(rule, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    pytest.importorskip("keras", reason=MISSING)
    jax = pytest.importorskip("jax", reason=MISSING)
    pytest.importorskip("optax", reason=MISSING)
    wanted = reduce_on_plateau(LOSSES, **rule)
    np.testing.assert_allclose(keras_rates(rule), wanted, rtol=1e-4, atol=2e-8)
    space, rates, at = {}, [], jax.numpy.zeros(1)
    exec(plateau_code("optax", rule, 1), space)
    step = jax.jit(lambda state, loss: space["optimizer"].update(jax.numpy.ones(1), state, at, value=loss))
    state = space["optimizer"].init(at)
    for loss in LOSSES:
        update, state = step(state, loss)
        rates.append(-float(update[0]))
    np.testing.assert_allclose(rates, wanted, rtol=1e-4, atol=2e-8)
