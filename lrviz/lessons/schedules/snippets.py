"""The code of a schedule with its present settings, for Keras 3, PyTorch and optax, ready to paste.

Where a library has exactly this schedule, its own class is used. Where it has none, or one that differs, the rule
itself is taken along: the source of the rule in `lrviz/schedules/`, with the settings as its defaults and the
library's namespace (`np`, `jnp` or `keras.ops`, which name these functions alike) in place of NumPy's. What is
pasted is therefore what was drawn. Some parts cannot be said alike everywhere and are put differently for Keras and
optax, which compute in float32: stairs have more room for rounding, the beginnings of the cycles and the draws of the
noise are listed ahead.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from ...draws import normal_draws
from ...params import choice
from ...schedules import SCHEDULES, begun, last_restart, passed
from ...scheduling import WARMUP_STEPS, Schedule
from .native import LONGEST_LINE, WHY_OWN, literal, native, why_not

LIBRARY = choice("library", "keras", ("keras", "torch", "optax"), help="The library that the code is for.")

IMPORTS = {"keras": "import keras\nfrom keras import ops", "torch": "import torch", "optax": "import optax"}
MOST_DRAWS = 1_000_000

OPTIMIZER = {
    "keras": "optimizer = keras.optimizers.SGD(learning_rate=schedule)",
    "torch": "# in the training loop, after every optimizer.step(): scheduler.step()",
    "optax": "optimizer = optax.sgd(learning_rate=schedule)",
}

BEGINS = """\
def last_restart(step, first_decay_steps, t_mul):
    begins = [0.0]  # the steps at which the cycles begin, ten million steps ahead
    while begins[-1] < 1e7:
        begins.append(round(begins[-1] + first_decay_steps * t_mul ** (len(begins) - 1), 6))
"""
LISTED = {
    "ops": f"""{BEGINS}
    reached = ops.expand_dims(step, -1) >= ops.array(begins)
    cycle = ops.sum(ops.cast(reached, keras.config.floatx()), axis=-1) - 1
    return cycle, ops.take(ops.array(begins), ops.cast(cycle, "int32"))""",
    "jnp": f"""{BEGINS}
    cycle = jnp.searchsorted(jnp.array(begins), step, side="right") - 1
    return cycle, jnp.array(begins)[cycle]""",
}
EVEN = """\
def last_restart(step, first_decay_steps, t_mul):
    cycle = passed(step, first_decay_steps)
    return cycle, cycle * first_decay_steps"""
STAGES = {
    passed: """\
def passed(step, length):  # floor, where float32 may have 0.99999994 for 41 / 41
    return {}.floor(step / length * (1 + 3e-7))""",
    begun: """\
def begun(step, length):  # ceil, where float32 may have 7.0000005 for 49 / 7
    return {}.ceil(step / length * (1 - 3e-7))""",
}
DRAWN = {
    "ops": """\
def drawn(seed, step):
    draws = ops.array(DRAWS, dtype=keras.config.floatx())
    return ops.take(draws, ops.cast(ops.minimum(step, len(DRAWS) - 1), "int32"))""",
    "jnp": """\
def drawn(seed, step):
    return jnp.array(DRAWS)[jnp.minimum(step, len(DRAWS) - 1).astype(int)]""",
}


def code(name: str, params: Mapping[str, Any], library: str, warmup_steps: int = 0) -> str:
    """Code that defines the schedule `name` with the settings `params` in `library`, after `warmup_steps`.

    keras and optax: `schedule(step)` is the rate and goes into an `optimizer`. torch: an `optimizer` whose rate
    `scheduler.step()` moves on, once after every step. Equal to ours at every whole step.
    KeyError, TypeError and ValueError as for the schedule itself; ValueError for a parameter that is an array.
    """
    entry = SCHEDULES[name]
    settings = entry.settings(**params)
    LIBRARY.check(library, "code")
    rising = WARMUP_STEPS.check(warmup_steps, "code")
    for key, value in settings.items():
        if isinstance(value, np.ndarray):
            raise ValueError(f"code: {key} must be one number, got {value.size}")
    write = {"keras": _keras, "torch": _torch, "optax": _optax}[library]
    own = None if library == "torch" and rising else native(library, name, settings)
    title = f"{entry.label}, after {rising} steps of warm-up" if rising else entry.label
    note = WHY_OWN.get((library, name)) if own else why_not(library, name, settings)
    comments = [f"# {line}" for line in (title, note) if line]
    return "\n".join([*comments, write(entry, settings, own, rising), OPTIMIZER[library], ""])


def _keras(entry: Schedule, settings: Mapping[str, Any], own: str | None, rising: int) -> str:
    if own and not rising:
        return f"import keras\n\nschedule = {own}"
    rule = f"rate = {own}" if own else rule_source(entry, settings, "ops")
    rate = "rate" if own else entry.name
    value = f"return {rate}(step)"
    if rising:
        value = f"""\
after = {rate}(ops.maximum(step - {rising}, 0))
        return ops.where(step < {rising}, {rate}(0 * step) * (step + 1) / {rising}, after)"""
    schedule = f"""\
class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        step = ops.cast(step, keras.config.floatx())
        {value}

    def get_config(self):
        return {{}}


schedule = Schedule()"""
    return _arranged(IMPORTS["keras"], rule, schedule)


def _torch(entry: Schedule, settings: Mapping[str, Any], own: str | None, rising: int) -> str:
    model = "model = torch.nn.Linear(2, 1)  # put yours here"
    if own:
        rate = settings["initial_learning_rate"]
        return f"""\
import torch

{model}
optimizer = torch.optim.SGD(model.parameters(), lr={rate!r})
scheduler = {own}"""
    value = f"return float({entry.name}(np.float64(step)))"
    if rising:
        value = f"""\
if step < {rising}:
        return float({entry.name}(np.float64(0))) * (step + 1) / {rising}
    return float({entry.name}(np.float64(step - {rising})))"""
    schedule = f"""\
def schedule(step):
    {value}


{model}
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)  # LambdaLR multiplies this 1 by the schedule
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule)"""
    return _arranged(IMPORTS["torch"], rule_source(entry, settings, "np"), schedule)


def _optax(entry: Schedule, settings: Mapping[str, Any], own: str | None, rising: int) -> str:
    name = "rate" if rising else "schedule"
    if own:
        text = f"{name} = {own}"
    else:
        rule = rule_source(entry, settings, "jnp")
        text = f"{rule}\n\n\ndef {name}(step):\n    return {entry.name}(jnp.asarray(step, float))\n\n"
    if rising:
        first = f"optax.linear_schedule(rate(0) / {rising}, rate(0), {rising - 1})"
        text += f"\nschedule = optax.join_schedules([{first}, rate], boundaries=[{rising}])"
    return _arranged(IMPORTS["optax"], text)


def _arranged(imports: str, *blocks: str) -> str:
    """Imports, in order and only where needed, then the blocks two lines apart."""
    body = "\n\n\n".join(blocks)
    words = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    known = {"math": "import math\n\n", "jnp": "import jax.numpy as jnp\n", "np": "import numpy as np\n"}
    extra = "".join(line for word, line in known.items() if word in words)
    gap = "\n\n\n" if body.startswith(("def ", "class ")) else "\n\n"
    return extra + imports + gap + body


def rule_source(entry: Schedule, settings: Mapping[str, Any], namespace: str) -> str:
    """The source of the rule and of all that it calls, with `settings` as defaults, in a namespace like NumPy's."""
    replaced = () if namespace == "np" else (last_restart, normal_draws, *STAGES)
    blocks = []
    for function in needed(entry.rule, replaced):
        if function is last_restart and replaced:
            even = settings["t_mul"] == 1
            blocks += [STAGES[passed].format(namespace), EVEN] if even else [LISTED[namespace]]
        elif function in STAGES and replaced:
            blocks.append(STAGES[function].format(namespace))
        elif function is normal_draws and replaced:
            ahead = int(min(max(10_000, 2 * settings["decay_steps"]), MOST_DRAWS))
            blocks += [source(part, "np") for part in needed(normal_draws)]
            blocks += [f"DRAWS = normal_draws({settings['seed']}, np.arange({ahead}))  # train no longer than this"]
            blocks += [DRAWN[namespace]]
        else:
            defaults = [literal(p, settings[p.name]) for p in entry.params] if function is entry.rule else []
            blocks.append(source(function, namespace, defaults))
    return "\n\n\n".join(blocks)


def needed(function: FunctionType, leaves: tuple[FunctionType, ...] = ()) -> list[FunctionType]:
    """The function and, before it, every function of its own module's names that it calls, `leaves` not looked into."""
    found: list[FunctionType] = []
    if function not in leaves:
        names = [node.id for node in ast.walk(_parsed(function)) if isinstance(node, ast.Name)]
        called = [function.__globals__.get(name) for name in names]
        for part in called:
            if isinstance(part, FunctionType) and part is not function:
                found += [inner for inner in needed(part, leaves) if inner not in found]
    return [*found, function]


def source(function: FunctionType, namespace: str, defaults: Sequence[str] = ()) -> str:
    """The function without decorator, docstring and annotations, `np` renamed, its keywords given `defaults`."""
    tree = _parsed(function)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("np", "normal_draws"):
            node.id = {"np": namespace, "normal_draws": "normal_draws" if namespace == "np" else "drawn"}[node.id]
    if defaults:
        tree.args.kw_defaults = [ast.parse(text, mode="eval").body for text in defaults]
    return _wrapped(ast.unparse(tree))


_text = cache(inspect.getsource)


def _parsed(function: FunctionType) -> ast.FunctionDef:
    (tree,) = (node for node in ast.parse(_text(function)).body if isinstance(node, ast.FunctionDef))
    tree.decorator_list, tree.returns = [], None
    for argument in (*tree.args.args, *tree.args.kwonlyargs):
        argument.annotation = None
    if ast.get_docstring(tree):
        del tree.body[0]
    return tree


def _wrapped(text: str) -> str:
    """The code with a long first line, the `def`, broken into one line for every parameter."""
    head, body = text.split("\n", 1)
    if len(head) <= LONGEST_LINE:
        return text
    name, rest = head.removesuffix("):").split("(", 1)
    return f"{name}(\n    " + re.sub(r", (?=\w+=|\*)", ",\n    ", rest) + f",\n):\n{body}"
