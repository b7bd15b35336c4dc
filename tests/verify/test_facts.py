"""The facts that are recorded in tests/support/library_facts.py, computed anew by the libraries."""

import inspect

import numpy as np
import pytest
from running import need, rates
from support import library_facts as facts

pytestmark = pytest.mark.verify
need()


def beale(w):
    """Beale's function, of tensors or arrays."""
    x, y = w[0], w[1]
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def torch_path(made):
    """Positions after every step of an optimizer of torch."""
    import torch

    w = torch.tensor([1.0, -1.5], dtype=torch.float64, requires_grad=True)
    optimizer, path = eval(made, {"torch": torch, "w": w}), [w.tolist()]
    for _ in range(max(facts.SEEN_AT)):
        optimizer.zero_grad()
        beale(w).backward()
        optimizer.step()
        path.append(w.tolist())
    return np.array(path)


def optax_path(made):
    """The same of a transformation of optax."""
    import jax
    import optax

    with jax.enable_x64(True):
        optimizer, w = eval(made, {"optax": optax}), jax.numpy.array([1.0, -1.5])
        state, path = optimizer.init(w), [w.tolist()]
        for _ in range(max(facts.SEEN_AT)):
            change, state = optimizer.update(jax.grad(beale)(w), state, w)
            w = optax.apply_updates(w, change)
            path.append(w.tolist())
    return np.array(path)


@pytest.mark.parametrize("name", facts.OPTIMIZERS)
def test_positions(name):
    made, _, positions = facts.OPTIMIZERS[name]
    path = torch_path(made) if made.startswith("torch") else optax_path(made)
    np.testing.assert_allclose(path[facts.SEEN_AT], positions, rtol=1e-10)


@pytest.mark.parametrize("name", ["adam", "adamax", "adamw"])
def test_optax_has_the_positions_of_torch(name):
    decay = ", weight_decay=0.01" if name == "adamw" else ""
    path = optax_path(f"optax.{name}(0.1{decay})")
    np.testing.assert_allclose(path[facts.SEEN_AT], facts.OPTIMIZERS[name][2], rtol=1e-9)


@pytest.mark.parametrize("name", facts.DEFAULTS)
def test_defaults(name):
    import torch

    made, ours = facts.DEFAULTS[name]
    theirs = {key: p.default for key, p in inspect.signature(getattr(torch.optim, made)).parameters.items()}
    if "betas" in theirs:
        theirs["beta1"], theirs["beta2"] = theirs["betas"]
    assert theirs | ours == theirs


@pytest.mark.parametrize(("settings", "runs"), facts.PLATEAUS)
def test_reduce_on_plateau(settings, runs):
    import torch

    settings = dict(settings)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=settings.pop("initial_learning_rate"))
    scheduler, seen = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **settings), []
    for loss in facts.LOSSES:
        scheduler.step(loss)
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == [rate for rate, times in runs for _ in range(times)]


@pytest.mark.parametrize(("name", "lr", "l2"), facts.TRAINING)
def test_training(name, lr, l2):
    import torch

    *rows, labels = torch.tensor(facts.FIVE, dtype=torch.float64)
    w = torch.tensor([-1.0, 2.0], dtype=torch.float64, requires_grad=True)
    optimizer, costs = {"gd": torch.optim.SGD, "adam": torch.optim.Adam}[name]([w], lr=lr), []
    for _ in range(4):
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(w @ torch.stack(rows), labels)
        loss = loss + l2 / 10 * (w * w).sum()
        loss.backward()
        optimizer.step()
        costs.append(loss.item())
    np.testing.assert_allclose(costs, facts.TRAINING[name, lr, l2][0], rtol=1e-12)
    np.testing.assert_allclose(w.tolist(), facts.TRAINING[name, lr, l2][1], rtol=1e-12)


def in_keras(name, settings):
    words = "".join(word.title() for word in name.split("_"))
    schedule = f"keras.optimizers.schedules.{words}(**{settings})"
    return f"import keras\nschedule = {schedule}\noptimizer = keras.optimizers.SGD(schedule)"


def in_torch(name, settings):
    assert name == "one_cycle"
    rate = settings.pop("initial_learning_rate")
    return f"""\
import torch
optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=1.0)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, {rate}, cycle_momentum=False, **{settings})"""


def in_optax(name, settings):
    rate, steps = settings["initial_learning_rate"], settings["decay_steps"]
    rest = {key: settings[key] for key in ("decay_rate", "staircase", "power", "alpha") if key in settings}
    if name == "exponential_decay":
        made = f"exponential_decay({rate}, {steps}, **{rest})"
    elif name == "polynomial_decay":
        made = f"polynomial_schedule({rate}, {settings['end_learning_rate']}, transition_steps={steps}, **{rest})"
    elif "warmup_target" in settings:
        peak, rising = settings["warmup_target"], settings["warmup_steps"]
        made = f"warmup_cosine_decay_schedule({rate}, {peak}, {rising}, {rising + steps}, {settings['alpha'] * peak})"
    else:
        made = f"cosine_decay_schedule({rate}, {steps}, **{rest})"
    return f"import optax\nschedule = optax.{made}\noptimizer = optax.sgd(schedule)"


@pytest.mark.parametrize(
    ("table", "written", "words"),
    [
        (facts.KERAS, in_keras, ("keras", "double")),
        (facts.TORCH, in_torch, ("torch",)),
        (facts.OPTAX, in_optax, ("optax", "double")),
    ],
    ids=["keras", "torch", "optax"],
)
def test_rates_of_schedules(table, written, words):
    cases = list(facts.cases(table))
    found = rates([(written(name, dict(settings)), steps) for name, settings, steps, _ in cases], *words)
    for (name, settings, _, recorded), seen in zip(cases, found, strict=True):
        np.testing.assert_allclose(seen, recorded, rtol=1e-12, atol=1e-16, err_msg=f"{name} {settings}")
