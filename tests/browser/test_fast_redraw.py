"""The quick way to redraw against Plotly's own: the same picture, node by node, without Plotly.react."""

import json
import re

import numpy as np
import pytest
from conftest import load_stage

from lrviz.figures import gallery_of
from lrviz.figures.plot.theme import DARK
from lrviz.lessons import LESSONS
from lrviz.ui.stage import packed

pytestmark = pytest.mark.browser

MOUNT = """async ([name, figures, colours]) => {
  const root = document.body.appendChild(document.createElement("div"));
  root.id = name;
  root.style.width = "900px";
  const stage = mount(root);
  const count = { react: 0 };
  const react = Plotly.react;
  Plotly.react = (...words) => { count.react += 1; return react(...words); };
  try {
    const [first, ...others] = figures.map((figure) => inflate(JSON.parse(figure)));
    const stills = first.data.slice(0, first.layout.meta.still ?? 0);
    for (const figure of [first, ...others]) {
      figure.data.splice(0, stills.length, ...stills); // as the app does: they are sent once
      await stage.update(figure, colours);
    }
  } finally {
    Plotly.react = react;
  }
  const plot = root.querySelector(".lrviz-plot");
  return [plot.innerHTML, count.react, JSON.stringify([plot.data, plot.layout], (key, value) => (ArrayBuffer.isView(value) ? [...value].map(String) : value))];
}"""

# lesson -> what is moved on it: settings before and after
MOVES = {
    "ewma": [{"betas": (0.5, 0.9, 0.98)}, {"betas": (0.5, 0.85, 0.98)}],
    "ewma with a key of its own": [{"betas": (0.2,), "corrected": True}, {"betas": (0.7,), "corrected": True}],
    "trajectories": [{"rule": "own", "adam.lr": 0.3}, {"rule": "own", "adam.lr": 0.4}],
    "trajectories from elsewhere": [{"ravine.x": -9.0, "ravine.y": 2.0}, {"ravine.x": -7.0, "ravine.y": -1.0}],
    "schedules": [{"a.cosine_decay.initial_learning_rate": 0.09}, {"a.cosine_decay.initial_learning_rate": 0.08}],
    "saddles": [{"offset": 1e-3}, {"offset": 3e-3}],
    "mini_batch": [{"batch_size": 32}, {"batch_size": 48}],
}


def figure(lesson, settings):
    subject = LESSONS[lesson.partition(" ")[0]]
    content = gallery_of(subject.name)[subject.main].spec(subject.compute(subject.settings(**settings)))
    return json.dumps(content, default=packed)


@pytest.fixture(scope="module")
def blank(open_shared):
    page = open_shared("_stcore/health", figure=False)
    load_stage(page)
    return page


PLACE = r'class="cursor-pointer" transform="translate\(([^,]*),([^)]*)\)"'


def places(html):
    """Where the words of annotations stand."""
    return np.array(re.findall(PLACE, html), dtype=float)


def nodes(html):
    """A plot's SVG without the names that Plotly makes up for each plot, the unseen boxes of its words and the `places` of
    these; numbers to a thousandth."""
    html = re.sub(r'<rect class="bg"[^>]*fill-opacity: 0;[^>]*>|rotate\(0,[^)]*\)', "", html)
    html = re.sub(PLACE, "", html)
    html = re.sub(r"(clip|trace|legend|topdefs-|defs-|g)[0-9a-f]{6}\w*", r"\1", html)
    html = re.sub(r' data-unformatted="[^"]*"| pointer-events="[^"]*"| data-wired="1"', "", html)
    return re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda n: f"{float(n[0]):.3f}".rstrip("0").rstrip("."), html)


@pytest.mark.parametrize("colours", [{}, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("lesson", MOVES)
def test_a_move_draws_what_a_fresh_plot_draws_and_never_asks_for_the_whole(blank, lesson, colours):
    before, after = (figure(lesson, settings) for settings in MOVES[lesson])
    blank.evaluate("document.body.replaceChildren()")
    fresh, once, state = blank.evaluate(MOUNT, ["fresh", [after], colours])
    blank.evaluate("document.body.replaceChildren()")
    moved, reacts, moved_state = blank.evaluate(MOUNT, ["moved", [before, after, before, after], colours])
    assert (once, reacts) == (1, 1)
    assert nodes(moved) == nodes(fresh)
    np.testing.assert_allclose(places(moved), places(fresh), atol=1)  # Plotly rounds each to a pixel
    assert nodes(moved) != nodes(blank.evaluate(MOUNT, ["before", [before], colours])[0])
    assert json.loads(moved_state) == json.loads(state)
