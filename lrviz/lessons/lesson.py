"""What a lesson is: the settings of one page, its presets with their claims, and how results are computed.

The page, the command line and a notebook all start here. A lesson knows nothing of Streamlit or Plotly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..params import Param, choice, choices, flag
from ..registry import complete
from .cost import Cost, free

STYLE = choice(
    "style",
    "screen",
    ("screen", "slide"),
    label="figure style",
    help="Screen suits a desk; slide has larger type and thicker lines for the back row of a lecture hall.",
)
CLASSROOM = (
    flag("classroom", False, label="classroom link", help="Show only the controls that are chosen here."),
    flag("text", True, label="show the text", help="The introduction above the figure and the words below it."),
    flag("presets", True, label="show the presets", help="The menu of claims."),
    choice("sentence", "shown", ("shown", "reveal"), label="sentence under the figure",
           help="Hidden until somebody opens it, so that the class can guess first."),
)  # fmt: skip
COMMON = (STYLE.name, "keep", *(param.name for param in CLASSROOM))


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Settings that show one claim of the lecture notes.

    claim     the id of the claim (E1, O2, ...); several presets may share one
    title     what it is called in a menu
    look      one sentence: what to look at
    settings  what differs from the defaults
    carries   words that the sentence under the figure must contain when the preset is on
    slip      where the notes slip: what they say, quoted fairly, and the right number; empty where they do not
    remark    what the notes leave out or leave open, in a sentence; empty where there is nothing to add
    figure    the figure whose sentence carries them; empty for the page's first
    """

    claim: str
    title: str
    look: str
    settings: Mapping[str, Any]
    carries: tuple[str, ...] = ()
    slip: str = ""
    remark: str = ""
    figure: str = ""

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What stands beside the claim: ("Where the notes slip", ...) and ("Remark", ...), those there are."""
        found = (("Where the notes slip", self.slip), ("Remark", self.remark))
        return tuple((heading, text) for heading, text in found if text)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One page's settings, presets and computation.

    name      the word in the address bar and on the command line
    title     what people call it
    params    key in the link (the Param's name) -> Param, in display order
    presets   the claims of the notes as settings
    compute   settings -> results, a dataclass of the lesson's own
    cost      settings, name of a figure -> what it costs
    """

    name: str
    title: str
    params: Mapping[str, Param]
    presets: tuple[Preset, ...]
    compute: Callable[[Mapping[str, Any]], Any]
    cost: Callable[[Mapping[str, Any], str], Cost] = free

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Every setting: the defaults, with these changes. TypeError for an unknown key, ValueError for a bad value."""
        return complete(self.name, tuple(self.params.values()), changes)

    def preset(self, claim: str) -> Preset:
        """The first preset of a claim; KeyError names the claims there are."""
        for preset in self.presets:
            if preset.claim == claim:
                return preset
        known = ", ".join(dict.fromkeys(p.claim for p in self.presets))
        raise KeyError(f"{self.name}: preset must be one of {known}, got {claim!r}")


def keyed(*params: Param) -> dict[str, Param]:
    """Params by name, in order, with the settings that every page has: figure style and classroom link."""
    keep = choices(
        "keep", (), tuple(param.name for param in params), label="controls that stay", longest=len(params),
        help="In a classroom link: what the class may change.",
    )  # fmt: skip
    return {param.name: param for param in (*params, STYLE, *CLASSROOM, keep)}
