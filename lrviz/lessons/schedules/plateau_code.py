"""The code that cuts a rate on plateaus, with its present settings, for PyTorch, Keras 3 and optax, ready to paste.

PyTorch has exactly this rule. optax has it, too, but counts the look at which it cuts as one more of its patience, and scales
the updates instead of the rate. Keras's own callback takes an absolute threshold, so that the rule is written out for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TORCH = """\
import torch

model = torch.nn.Linear(2, 1)  # put yours here
optimizer = torch.optim.SGD(model.parameters(), lr={initial_learning_rate!r})
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
    optimizer, factor={factor!r}, patience={patience!r}, threshold={threshold!r}, cooldown={cooldown!r}, min_lr={min_lr!r}
)
# in the training loop, every {every}: scheduler.step(mean_loss_since_the_last_call)
"""

KERAS = """\
import keras


class ReduceOnPlateau(keras.callbacks.Callback):  # keras.callbacks.ReduceLROnPlateau has an absolute threshold
    best, bad, resting = float("inf"), 0, 0

    def on_epoch_end(self, epoch, logs=None):  # here a look is an epoch
        if logs["loss"] < self.best * (1 - {threshold!r}):
            self.best, self.bad = logs["loss"], 0
        else:
            self.bad += 1
        if self.resting > 0:
            self.resting, self.bad = self.resting - 1, 0
        if self.bad > {patience!r}:
            rate = float(self.model.optimizer.learning_rate)
            lower = max(rate * {factor!r}, {min_lr!r})
            if rate - lower > 1e-8:
                self.model.optimizer.learning_rate = lower
            self.resting, self.bad = {cooldown!r}, 0


optimizer = keras.optimizers.SGD(learning_rate={initial_learning_rate!r})
# model.compile(optimizer, ...); model.fit(..., callbacks=[ReduceOnPlateau()])
"""

OPTAX = """\
import optax

optimizer = optax.chain(
    optax.sgd(learning_rate={initial_learning_rate!r}),
    optax.contrib.reduce_on_plateau(
        factor={factor!r}, patience={patience!r}, rtol={threshold!r}, atol={atol!r}, cooldown={cooldown!r},
        accumulation_size={steps!r}, min_scale={min_scale!r},
    ),
)
# in the training loop: updates, state = optimizer.update(gradient, state, params, value=loss)
"""


def plateau_code(library: str, rule: Mapping[str, Any], every: int) -> str:
    """Code that cuts a rate as `reduce_on_plateau(losses, **rule)` does, the loss being looked at every so many steps."""
    first = rule["initial_learning_rate"]
    if library == "torch":
        return TORCH.format(**rule, every="step" if every == 1 else f"{every} steps")
    if library == "keras":
        return KERAS.format(**rule)
    own = {
        "factor": max(rule["factor"], 1e-30),  # optax wants more than 0, and one of the two thresholds, too
        "patience": rule["patience"] + 1,
        "atol": 0.0 if rule["threshold"] else 1e-38,
        "min_scale": min(rule["min_lr"] / first, 1.0) if first else 0.0,
        "steps": every,
    }
    return OPTAX.format(**{**rule, **own})
