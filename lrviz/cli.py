"""The figures from the command line: the same settings, the same pictures, no Streamlit.

    python -m lrviz list                                      pages, figures, presets
    python -m lrviz export E7 -o start.pdf --style slide      one figure; its ending says in which form
    python -m lrviz export "ewma?betas=0.9" --all -o out/     every figure of a page at a link's settings
    python -m lrviz export O2 --all -o out/                   every preset of a claim
    python -m lrviz export --all -o lecture/ --format html    every preset: a whole lecture
    python -m lrviz show "ewma?betas=0.9"                     a file that plays, in the browser

Exit codes: 0 done; 1 it could not be done here (no browser, a full disk); 2 it was asked for wrongly; 130 stopped by hand.
What went wrong is said in one line on the error output, in one for each entry of a link that cannot be had.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from .figures import galleries, gallery_of
from .figures.files import FORMATS, IMAGES, RenderOptions, content, export, write
from .figures.files.images import GROUNDS, CannotDraw, image_renderer
from .figures.gallery import Picture
from .figures.plot.theme import THEMES
from .lessons import LESSONS, address
from .lessons.address import BadLink, Target
from .lessons.lesson import STYLE

FITS = {"size": IMAGES, "ground": IMAGES, "scale": ("png",), "theme": (*IMAGES, "html")}
SMALLEST, LARGEST = 200, 4000
BAR = 24


class Refused(Exception):
    """The command was asked for wrongly; each line says one thing that is."""

    @property
    def lines(self) -> tuple[str, ...]:
        return self.args


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str):
        raise Refused(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = parser().parse_args(arguments)
        COMMANDS[options.command](options)
        sys.stdout.flush()
        return 0
    except Refused as refused:
        code, lines = 2, refused.lines
    except CannotDraw as missing:
        code, lines = 1, (str(missing),)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        code, lines = 1, (f"cannot write {str(error.filename)!r}: {error.strerror}",)
    except KeyboardInterrupt:
        code, lines = 130, ("stopped",)
    who = " ".join(["lrviz", *(word for word in arguments[:1] if word in COMMANDS)])
    for line in lines:
        print(f"{who}: {line}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = Parser(
        prog="python -m lrviz", description="Figures that show how optimisation in deep learning works, as files."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="list, export or show")
    commands.add_parser("list", help="pages with their figures and presets")
    one = commands.add_parser("export", help="write figures to files")
    two = commands.add_parser("show", help="open a figure that plays in the browser")
    what = 'a link ("ewma?betas=0.9"), an address of the app, or the id of a preset (E7, O2.2)'
    one.add_argument("what", nargs="?", metavar="LINK-OR-PRESET", help=what + "; --all without any means every preset")
    two.add_argument("what", metavar="LINK-OR-PRESET", help=what)
    which = one.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every figure of the page, or every preset of the claim")
    for group in (which, two):
        group.add_argument(
            "--figure", metavar="NAME", help="which figure of the page (see list); else the preset's, or the main one"
        )
    for command in (one, two):
        command.add_argument("--style", choices=STYLE.options, help=STYLE.help)
        command.add_argument("--theme", choices=tuple(THEMES), help="for svg, png, pdf and html")
    one.add_argument("-o", "--output", required=True, help="a file, whose ending says in which form, or a folder")
    one.add_argument("--format", choices=FORMATS, help="for a folder; svg unless said otherwise")
    one.add_argument("--size", type=_size, metavar="WIDTHxHEIGHT", help="for svg, png and pdf, in pixels: 1600x900")
    one.add_argument("--scale", type=int, choices=(1, 2, 3, 4), help="for png: pixels drawn for each pixel of the size")
    one.add_argument("--ground", choices=GROUNDS, help="for svg, png and pdf: what the figure stands on")
    two.add_argument("--no-open", action="store_true", help="write the file and only say where it is")
    return top


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise argparse.ArgumentTypeError(f"must be WIDTHxHEIGHT, each {SMALLEST} to {LARGEST} pixels, got {text!r}")
    return size


# ---- list ---------------------------------------------------------------------------------------------------


def list_all(options: argparse.Namespace) -> None:
    """Print every page with its figures and its presets."""
    presets = address.presets()
    for name, pictures in galleries().items():
        print(f"{name}: {LESSONS[name].title}")
        for picture in pictures.values():
            print(f"  figure  {picture.name:<20} {picture.label}")
        for id, target in presets.items():
            if target.lesson.name == name:
                print(f"  preset  {id:<20} {target.title}")


# ---- export -------------------------------------------------------------------------------------------------


def export_files(options: argparse.Namespace) -> None:
    """Write the figures that were asked for."""
    form, folder = _place(options)
    for name, forms in FITS.items():
        if getattr(options, name) is not None and form not in forms:
            raise Refused(f"--{name} must go with {' or '.join(forms)}, got {form}")
    if options.theme == "dark" and options.ground == "white":
        raise Refused("--ground must be transparent or left out with --theme dark, got white")
    rendering = RenderOptions(theme=options.theme, ground=options.ground, size=options.size, scale=options.scale or 1)
    jobs = [(target, picture) for target in _targets(options) for picture in _pictures(target, options)]
    progress = Progress(len(jobs))
    with image_renderer() if form in IMAGES else nullcontext() as draw:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        for target, picture in jobs:
            path = folder / f"{_file_name(target, picture)}.{form}" if folder else Path(options.output)
            progress.at(path.name)
            results = _results(target)
            write(path, content(form, target.lesson, picture, target.settings, results, rendering, draw))
            progress.done()
    print(f"{len(jobs)} files in {folder}" if options.all else path)


def _place(options: argparse.Namespace) -> tuple[str, Path | None]:
    """The form of the files, and the folder they go to where the output is one."""
    output = Path(options.output)
    ending = output.suffix.removeprefix(".").lower()
    if options.all or output.is_dir() or options.output.endswith(("/", os.sep)):
        if not output.is_dir() and (output.exists() or (options.all and ending in FORMATS)):
            raise Refused(f"--output must be a folder, got {options.output!r}")
        return options.format or "svg", output
    if ending not in FORMATS:
        raise Refused(f"--output must be a folder or end in .{', .'.join(FORMATS)}, got {options.output!r}")
    if options.format not in (None, ending):
        raise Refused(f"--format must be that of the output, {ending}, got {options.format}")
    if output.exists() and not output.is_file():
        raise Refused(f"--output must be a file or a folder, got {options.output!r}")
    if not output.parent.is_dir():
        raise Refused(f"--output must be in a folder that exists, got {options.output!r}")
    return ending, None


def _targets(options: argparse.Namespace) -> list[Target]:
    """What a link, a claim or nothing at all asks for, in the style that was chosen."""
    every = getattr(options, "all", False)
    if options.what is None and not every:
        raise Refused("LINK-OR-PRESET is needed, unless --all asks for every preset")
    try:
        if options.what is None:
            found = list(address.presets().values())
        elif every and address.is_claim(options.what):
            found = address.of_claim(options.what)
        else:
            found = [address.resolve(options.what)]
    except BadLink as bad:
        raise Refused(*bad.problems) from None
    except KeyError as unknown:
        raise Refused(str(unknown)) from None
    return [target.styled(options.style) for target in found] if options.style else found


def _pictures(target: Target, options: argparse.Namespace) -> list[Picture]:
    """The figure that was named, or the preset's, or the page's main one; with --all every one of a link's page."""
    pictures = gallery_of(target.lesson.name)
    if getattr(options, "all", False) and not target.id:
        return list(pictures.values())
    try:
        return [pictures[options.figure or target.figure or target.lesson.main]]
    except KeyError as unknown:
        raise Refused(str(unknown)) from None


def _results(target: Target):
    try:
        return target.lesson.compute(target.settings)
    except ValueError as refused:
        raise Refused(str(refused)) from None


def _file_name(target: Target, picture: Picture) -> str:
    name = export.file_name(target.lesson, picture.name, target.settings)
    return f"{target.id}_{name}" if target.id else name


class Progress:
    """A bar on the error output of a terminal; nothing where there is no terminal, and nothing for a single file."""

    def __init__(self, total: int):
        self.total, self.count = total, 0
        self.shown = total > 1 and sys.stderr.isatty()

    def at(self, name: str) -> None:
        """Say which file is being made."""
        if self.shown:
            full = round(BAR * self.count / self.total)
            print(
                f"\r\x1b[K[{'#' * full}{'.' * (BAR - full)}] {self.count}/{self.total} {name[:40]}",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def done(self) -> None:
        """One file more; after the last the bar goes."""
        self.count += 1
        if self.shown and self.count == self.total:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# ---- show ---------------------------------------------------------------------------------------------------


def show(options: argparse.Namespace) -> None:
    """Write a figure that plays to a temporary folder and open it in the browser."""
    (target,) = _targets(options)
    (picture,) = _pictures(target, options)
    rendering = RenderOptions(theme=options.theme)
    data = content("html", target.lesson, picture, target.settings, _results(target), rendering, None)
    path = Path(tempfile.mkdtemp(prefix="lrviz-")) / f"{_file_name(target, picture)}.html"
    write(path, data)
    print(path)
    if not options.no_open and not webbrowser.open(path.as_uri()):
        raise CannotDraw("no browser could be opened; open the file by hand")


COMMANDS = {"list": list_all, "export": export_files, "show": show}
