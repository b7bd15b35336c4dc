"""What a lesson is: one page described once. What it is called, its settings, figures and presets, how results are computed.

The page, the row of links, the first page, the command line, a notebook and the tests all start here. A lesson knows nothing
of Streamlit or Plotly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
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
    flag("presets", True, label="show the presets", help="The menu of presets."),
    choice("sentence", "shown", ("shown", "reveal"), label="sentence under the figure",
           help="Hidden until somebody opens it, so that the class can guess first."),
)  # fmt: skip
COMMON = (STYLE.name, "keep", *(param.name for param in CLASSROOM))


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Settings that show something, most often a claim of the lecture notes.

    claim     the id of the claim (E1, O2, ...); several presets may share one; empty where it belongs to none
    title     what it is called in a menu
    look      one sentence: what to look at
    settings  what differs from the defaults
    carries   words that the sentence under the figure must contain when the preset is on
    slip      where the notes slip: what they say, quoted fairly, and the right number; empty where they do not
    remark    what the notes leave out or leave open, in a sentence; empty where there is nothing to add
    figure    the figure whose sentence carries them; empty for the page's first
    """

    title: str
    look: str
    settings: Mapping[str, Any]
    claim: str = ""
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
    """One page: everything that others list, show or look up of it.

    name      the word in the address bar and on the command line; also the page's folders and its script in pages/
    title     the heading of the page
    label     the word for it in the row of links
    card      what the first page says of it, in a sentence
    params    key in the link (the Param's name) -> Param, in display order
    figures   the names of its figures, in the order in which they are listed; the first is the main one
    sections  word -> label of what can be opened below the main figure; empty where there is nothing to choose
    presets   settings worth a look, such as those that show the claims of the notes
    compute   settings -> results, a dataclass of the lesson's own; a page may hand it more than the settings (an uploaded series)
    cost      settings, name of a figure or a section -> what it costs
    script    where the page's script is, if not in pages/
    """

    name: str
    title: str
    label: str
    card: str
    params: Mapping[str, Param]
    figures: tuple[str, ...]
    compute: Callable[..., Any]
    sections: Mapping[str, str] = field(default_factory=dict)
    presets: tuple[Preset, ...] = ()
    cost: Callable[[Mapping[str, Any], str], Cost] = free
    script: Path | None = None

    def __post_init__(self):
        if not self.figures:
            raise ValueError(f"{self.name}: figures must name the main figure at least, got none")
        choosable = self.params["section"].options if "section" in self.params else ()
        if choosable != tuple(self.sections):
            raise ValueError(
                f"{self.name}: sections must be those of the setting, {choosable}, got {tuple(self.sections)}"
            )
        for preset in self.presets:
            if preset.figure and preset.figure not in self.figures:
                raise ValueError(
                    f"{self.name}: figure of a preset must be one of {self.figures}, got {preset.figure!r}"
                )

    @property
    def main(self) -> str:
        """The name of the main figure."""
        return self.figures[0]

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Every setting: the defaults, with these changes. TypeError for an unknown key, ValueError for a bad value."""
        return complete(self.name, tuple(self.params.values()), changes)

    def preset(self, claim: str) -> Preset:
        """The first preset of a claim; KeyError names the claims there are."""
        for preset in self.presets:
            if claim and preset.claim == claim:
                return preset
        known = ", ".join(dict.fromkeys(p.claim for p in self.presets if p.claim))
        raise KeyError(f"{self.name}: preset must be one of {known}, got {claim!r}")


def section(sections: Mapping[str, str], **fields: Any) -> Param:
    """The setting that chooses what is open below the main figure; the first of these, until another is chosen."""
    words = tuple(sections)
    return choice("section", words[0], words, label="below the figure", wide=True, **fields)


def page_params(*params: Param) -> dict[str, Param]:
    """Params by name, in order, with the settings that every page has: figure style and classroom link."""
    keep = choices(
        "keep", (), tuple(param.name for param in params), label="controls that stay", longest=len(params),
        help="In a classroom link: what the class may change.",
    )  # fmt: skip
    return {param.name: param for param in (*params, STYLE, *CLASSROOM, keep)}
