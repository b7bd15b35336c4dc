"""The command line: what it writes is what the pages show, what it refuses it refuses in one line."""

from __future__ import annotations

import io
import json
import re
import runpy
import subprocess
import sys
import webbrowser
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from pathlib import Path

import numpy as np
import pytest
from support.exported import read_csv, same_table

from lrviz import cli
from lrviz.figures import files, galleries, gallery_of
from lrviz.figures.files import images, metadata
from lrviz.lessons import LESSONS, address, ewma
from lrviz.link import query_string

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[1]
EVERY_LESSON = pytest.mark.parametrize("lesson", list(LESSONS))


def another(lesson: str) -> str:
    """A link of a page that is not as it opens: that of its first preset, or the lecture hall's style."""
    entry = LESSONS[lesson]
    changes = dict(entry.presets[0].settings) if entry.presets else {"style": "slide"}
    return f"{lesson}?{query_string(entry.settings(**changes), entry.params)}"


# ---- links and presets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "ewma?betas=0.9&corrected=1",
        "http://localhost:8501/ewma?betas=0.9&corrected=1",
        "https://example.org/some/base/ewma/?betas=0.9&corrected=1&embed=true&embed_options=light_theme#top",
        "/ewma?betas=0.9&corrected=1#top",
    ],
)
def test_a_link_is_read_in_every_form_it_is_copied_in(link):
    target = address.resolve(link)
    assert (target.lesson, target.id, target.figure) == (ewma.LESSON, "", "")
    assert target.settings == ewma.LESSON.settings(betas=(0.9,), corrected=True)


def test_every_preset_has_an_id_of_its_own():
    found = address.presets()
    assert len(found) == sum(len(lesson.presets) for lesson in LESSONS.values())
    for name, target in found.items():
        assert address.resolve(name) == address.resolve(name.lower()) == target
        assert any(
            target.settings == target.lesson.settings(**preset.settings) and preset.title == target.title
            for preset in target.lesson.presets
            if preset.claim == name.partition(".")[0]
        )


def test_a_second_preset_of_a_claim_is_counted(monkeypatch):
    first, second = ewma.PRESETS[:2]
    twice = [(ewma.LESSON, first), (ewma.LESSON, second)]
    monkeypatch.setattr(address.claims, "index", lambda lessons: {"E1": twice, "E2": []})
    assert list(address.presets()) == ["E1", "E1.2"]
    assert address.resolve("E1").title == address.resolve("E1.1").title == first.title
    assert address.resolve("e1.2").title == second.title
    with pytest.raises(KeyError, match=r"unknown preset 'E1.3'; E1 has 2"):
        address.resolve("E1.3")
    with pytest.raises(KeyError, match=r"unknown claim 'E2'"):
        address.resolve("E2")


# ---- list ---------------------------------------------------------------------------------------------------


def test_list_names_every_page_figure_and_preset(capsys):
    assert cli.main(["list"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[1] for row in rows if row[0] == "figure"] == [name for book in galleries().values() for name in book]
    assert sorted(row[1] for row in rows if row[0] == "preset") == sorted(address.presets())
    assert [row[0] for row in rows if row[0].endswith(":")] == [f"{name}:" for name in LESSONS]


def test_no_streamlit_is_loaded(tmp_path):
    code = f"""
import sys
from lrviz.cli import main
codes = [main(["list"]), main(["export", "E7", "-o", {str(tmp_path / "a.html")!r}]), main(["export", "E7", "-o", {str(tmp_path / "a.csv")!r}])]
print(codes, sorted(name for name in sys.modules if name.partition(".")[0] in ("streamlit", "tornado", "kaleido")))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.splitlines()[-1] == "[0, 0, 0] []", run.stderr


# ---- export -------------------------------------------------------------------------------------------------


@EVERY_LESSON
def test_page_and_command_line_give_the_same_figure(lesson, run_page, monkeypatch, tmp_path, capsys):
    from lrviz.ui import stage

    shown = {}

    def show(lesson, picture, settings, results, **rest):
        shown[picture.name] = picture.spec(results)
        return {}

    monkeypatch.setattr(stage, "show", show)
    link = another(lesson)
    assert not run_page(lesson, link.partition("?")[2]).exception
    assert shown
    for name, content in shown.items():
        file = tmp_path / f"{name}.csv"
        assert cli.main(["export", link, "--figure", name, "-o", str(file)]) == 0
        same_table(read_csv(file.read_text(encoding="utf-8"))[1], content)
    capsys.readouterr()


def test_a_whole_lecture_in_one_go(tmp_path, capsys):
    assert cli.main(["export", "--all", "--format", "py", "-o", str(tmp_path / "out")]) == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert sorted(name.partition("_")[0] for name in written) == sorted(address.presets())
    assert capsys.readouterr().out == f"{len(written)} files in {tmp_path / 'out'}\n"
    settings = address.resolve("E6").settings
    assert (tmp_path / "out" / f"E6_{files.export.file_name(ewma.LESSON, 'against_window', settings)}.py").exists()


def test_all_of_a_page_and_all_of_a_claim(tmp_path, monkeypatch, capsys):
    assert cli.main(["export", "ewma?betas=0.9", "--all", "--format", "csv", "-o", f"{tmp_path}/page/"]) == 0
    names = [f"ewma_{name}_betas-0.9.csv" for name in gallery_of("ewma")]
    assert sorted(path.name for path in (tmp_path / "page").iterdir()) == sorted(names)
    twice = [(ewma.LESSON, preset) for preset in ewma.PRESETS[:2]]
    monkeypatch.setattr(address.claims, "index", lambda lessons: {"E1": twice, "E2": twice})
    assert cli.main(["export", "e1", "--all", "--format", "py", "-o", str(tmp_path / "claim")]) == 0
    assert sorted(path.name.partition("_")[0] for path in (tmp_path / "claim").iterdir()) == ["E1", "E1.2"]
    capsys.readouterr()


def test_a_preset_brings_its_own_figure_and_the_style_is_a_setting(tmp_path, capsys):
    file = tmp_path / "e6.py"
    assert cli.main(["export", "e6", "-o", str(file), "--style", "slide"]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    text = file.read_text(encoding="utf-8")
    assert "pictures.against_window(results)" in text
    assert "'style': 'slide'" in text
    assert cli.main(["export", "E6", "-o", str(file), "--figure", "year"]) == 0
    assert "pictures.year(results)" in file.read_text(encoding="utf-8")


def test_a_folder_gets_a_file_named_by_page_and_settings(tmp_path, capsys):
    assert cli.main(["export", "ewma?betas=0.9", "--format", "csv", "-o", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ewma_year_betas-0.9.csv"]
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["export", "ewma?betas=7&foo=1", "-o", "x.csv"],
         ["link: betas must be 1 to 6 numbers in [0, 1), got (7.0,)", "link: no setting is called 'foo'"]),
        (["export", "ewna", "-o", "x.csv"], ["unknown page 'ewna'; did you mean 'ewma'?"]),
        (["export", "E9", "-o", "x.csv"], ["unknown claim 'E9'"]),
        (["export", "E7.2", "-o", "x.csv"], ["unknown preset 'E7.2'; E7 has 1"]),
        (["export", "ewma", "--figure", "yaer", "-o", "x.csv"], ["unknown ewma figure 'yaer'; did you mean 'year'?"]),
        (["export", "-o", "x.csv"], ["LINK-OR-PRESET is needed, unless --all asks for every preset"]),
        (["export", "ewma"], ["the following arguments are required: -o/--output"]),
        (["export", "ewma", "-o", "x.gif"],
         ["--output must be a folder or end in .svg, .png, .pdf, .html, .csv, .py, got 'x.gif'"]),
        (["export", "ewma", "--all", "-o", "x.svg"], ["--output must be a folder, got 'x.svg'"]),
        (["export", "ewma", "--format", "png", "-o", "x.svg"], ["--format must be that of the output, svg, got png"]),
        (["export", "ewma", "-o", "nowhere/x.csv"], ["--output must be in a folder that exists, got 'nowhere/x.csv'"]),
        (["export", "ewma", "--size", "12", "-o", "x.svg"],
         ["argument --size: must be WIDTHxHEIGHT, each 200 to 4000 pixels, got '12'"]),
        (["export", "ewma", "--size", "9999x900", "-o", "x.svg"],
         ["argument --size: must be WIDTHxHEIGHT, each 200 to 4000 pixels, got '9999x900'"]),
        (["export", "ewma", "--size", "800x600", "-o", "x.csv"], ["--size must go with svg or png or pdf, got csv"]),
        (["export", "ewma", "--scale", "2", "-o", "x.svg"], ["--scale must go with png, got svg"]),
        (["export", "ewma", "--theme", "dark", "-o", "x.py"], ["--theme must go with svg or png or pdf or html, got py"]),
        (["export", "ewma", "--theme", "dark", "--ground", "white", "-o", "x.svg"],
         ["--ground must be transparent or left out with --theme dark, got white"]),
        (["export", "ewma", "--all", "--figure", "year", "-o", "out"], ["argument --figure: not allowed with argument --all"]),
        (["export", "ewma", "--style", "big", "-o", "x.csv"],
         ["argument --style: invalid choice: 'big' (choose from 'screen', 'slide')"]),
        (["show", "ewma?unit=K"], ["link: unit must be one of C, F, got 'K'"]),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_in_one_line(words, lines, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert err.splitlines() == [f"lrviz {words[0]}: {line}" for line in lines]
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_no_command_is_refused_too(capsys):
    assert cli.main([]) == 2
    assert capsys.readouterr().err == "lrviz: the following arguments are required: list, export or show\n"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, capsys):
    file = tmp_path / "old.csv"
    file.write_text("what was there")
    whole = Path.write_bytes

    def half(self, data):
        whole(self, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    assert cli.main(["export", "ewma", "-o", str(file)]) == 1
    assert capsys.readouterr().err == f"lrviz export: cannot write {str(file)!r}: No space left on device\n"
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]
    assert file.read_text() == "what was there"


def test_a_run_stopped_by_hand_keeps_what_is_whole(tmp_path, monkeypatch, capsys):
    made = []

    def stopped(*given):
        if made:
            raise KeyboardInterrupt
        made.append(given)
        return b"whole"

    monkeypatch.setattr(cli, "content", stopped)
    assert cli.main(["export", "ewma", "--all", "--format", "csv", "-o", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "lrviz export: stopped\n"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]


def test_what_is_no_file_is_not_replaced(tmp_path, monkeypatch, capsys):
    import os

    os.mkfifo(tmp_path / "pipe.csv")
    assert cli.main(["export", "ewma", "-o", str(tmp_path / "pipe.csv")]) == 2
    assert "must be a file or a folder" in capsys.readouterr().err
    assert (tmp_path / "pipe.csv").is_fifo()


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "there.csv").write_text("old")
    (tmp_path / "here.csv").symlink_to(tmp_path / "there.csv")
    files.write(tmp_path / "here.csv", b"new")
    assert (tmp_path / "here.csv").is_symlink()
    assert (tmp_path / "there.csv").read_bytes() == b"new"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_how_far_it_is(tmp_path, monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main(["export", "ewma", "--all", "--format", "py", "-o", str(tmp_path)]) == 0
    steps = terminal.getvalue().split("\r\x1b[K")[1:]
    assert [step.partition("] ")[2] for step in steps[:4]] == [
        f"{i}/4 ewma_{n}.py" for i, n in enumerate(gallery_of("ewma"))
    ]
    assert [step.count("#") for step in steps] == [0, 6, 12, 18, 0]
    assert steps[-1] == ""
    terminal.seek(0)
    terminal.truncate()
    assert cli.main(["export", "ewma", "-o", str(tmp_path / "one.py")]) == 0
    assert terminal.getvalue() == ""
    capsys.readouterr()


# ---- show ---------------------------------------------------------------------------------------------------


def test_show_writes_a_file_and_opens_it(monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda where: opened.append(where) or True)
    assert cli.main(["show", "E6"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert opened == [path.as_uri()]
    assert "<title>Against a true moving window</title>" in path.read_text(encoding="utf-8")
    path.unlink()
    path.parent.rmdir()


def test_show_can_leave_the_browser_alone(monkeypatch, capsys):
    monkeypatch.setattr(webbrowser, "open", lambda where: pytest.fail("opened"))
    assert cli.main(["show", "ewma", "--no-open", "--theme", "dark"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert 'const theme = "dark";' in path.read_text(encoding="utf-8")
    path.unlink()
    path.parent.rmdir()


# ---- SVG, PNG and PDF ---------------------------------------------------------------------------------------


def test_where_kaleido_is_missing_one_line_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    assert cli.main(["export", "E7", "--all", "--format", "pdf", "-o", str(tmp_path / "out")]) == 1
    line = "svg, png and pdf are drawn by a browser; install Kaleido: pip install kaleido"
    assert capsys.readouterr().err == f"lrviz export: {line}\n"
    assert list(tmp_path.iterdir()) == []


def test_where_no_browser_is_one_line_says_so(tmp_path, monkeypatch, capsys):
    for name, value in {"PATH": "", "HOME": str(tmp_path), "BROWSER_PATH": str(tmp_path / "no-browser")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["lrviz", "export", "E7", "-o", str(tmp_path / "e7.pdf")])
    with (
        ThreadPoolExecutor(1) as thread,
        pytest.raises(SystemExit, match=r"^1$"),
    ):  # Playwright has its loop in this one
        thread.submit(runpy.run_module, "lrviz", run_name="__main__").result()
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1
    assert "no Chrome or Chromium is here; install one" in err
    assert (out, list(tmp_path.iterdir())) == ("", [])


def test_grounds_and_themes():
    figure = gallery_of("ewma")["year"].draw(ewma.compute(ewma.LESSON.settings()))
    grounds = [("light", None), ("light", "white"), ("dark", None), ("dark", "transparent"), ("light", "transparent")]
    layouts = [images.static_figure(figure, theme=theme, ground=ground)["layout"] for theme, ground in grounds]
    assert [layout["paper_bgcolor"] for layout in layouts] == [
        "#ffffff",
        "#ffffff",
        "#11151b",
        images.TRANSPARENT,
        images.TRANSPARENT,
    ]
    assert [layout["plot_bgcolor"] for layout in layouts] == [
        "#ffffff",
        "#ffffff",
        "#11151b",
        images.TRANSPARENT,
        images.TRANSPARENT,
    ]
    assert [layout["font"]["color"] for layout in layouts] == ["#1b1f24", "#1b1f24", "#eef1f5", "#eef1f5", "#1b1f24"]
    scenes = gallery_of("trajectories")["view3d"].draw(
        LESSONS["trajectories"].compute(LESSONS["trajectories"].settings())
    )
    assert images.static_figure(scenes, ground="transparent")["layout"]["scene"]["bgcolor"] == images.TRANSPARENT


FACTS = {"figure": "Learning rate η & <βeta>", "link": "ewma?betas=0.9", "version": "lrviz 1"}


def test_facts_go_into_svg():
    data = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9"><path d="M0,0"/></svg>'
    root = ET.fromstring(metadata.into_svg(data, FACTS))
    assert json.loads(root[0].text) == FACTS
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "path"]


def test_facts_go_into_png():
    from PIL import Image

    plain = io.BytesIO()
    Image.new("RGB", (3, 2), (1, 2, 3)).save(plain, "png")
    with Image.open(io.BytesIO(metadata.into_png(plain.getvalue(), FACTS))) as image:
        image.load()
        assert image.text == {f"lrviz:{key}": text for key, text in FACTS.items()}
        assert image.getpixel((2, 1)) == (1, 2, 3)


def test_facts_go_into_pdf():
    import pypdf

    blank = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 36)
    writer.write(blank)
    data = metadata.into_pdf(blank.getvalue(), "One day's β", FACTS)
    assert data.startswith(blank.getvalue())
    added = data[len(blank.getvalue()) :]
    number, place = re.search(rb"xref\n(\d+) 1\n(\d{10}) 00000 n \n", added).groups()
    assert data[int(place) :].startswith(number + b" 0 obj")
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    told = {"/Title": "One day's β", "/Creator": "lrviz"} | {f"/lrviz:{key}": text for key, text in FACTS.items()}
    assert reader.metadata == told
    assert reader.pages[0].mediabox.width == 72


def test_a_pdf_of_another_build_is_left_alone():
    data = b"%PDF-1.7\n1 0 obj <</Type /XRef>> stream\nendstream endobj\nstartxref\n9\n%%EOF\n"
    assert metadata.into_pdf(data, "title", FACTS) == data


@pytest.fixture(scope="module")
def pressed(browser):
    """One browser that draws for every test of this module, in a thread of its own: Playwright has its loop in this one."""
    from chromium import executable

    with ThreadPoolExecutor(1) as thread, ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER_PATH", thread.submit(executable).result())
        draw = thread.submit(stack.enter_context, images.image_renderer()).result()
        yield lambda *given, **more: thread.submit(draw, *given, **more).result()
        thread.submit(stack.close).result()


@pytest.fixture
def drawn(pressed, tmp_path, monkeypatch, capsys):
    """(ending, words of an export) -> the file, drawn by the module's browser."""
    monkeypatch.setattr(cli, "image_renderer", lambda: nullcontext(pressed))

    def export(ending: str, *words: str) -> Path:
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.{ending}"
        assert cli.main(["export", *words, "-o", str(file)]) == 0
        assert capsys.readouterr() == (f"{file}\n", "")
        return file

    return export


@pytest.mark.browser
@EVERY_LESSON
def test_every_page_is_drawn_as_svg(drawn, lesson):
    settings = LESSONS[lesson].settings()
    picture = gallery_of(lesson)[LESSONS[lesson].main]
    wanted = picture.spec(LESSONS[lesson].compute(settings))
    root = ET.parse(drawn("svg", lesson)).getroot()
    assert (root.get("width"), root.get("height")) == ("960", str(wanted["layout"]["height"]))
    assert json.loads(root[0].text) == files.export.provenance(LESSONS[lesson], picture, settings)
    (style,) = root.findall("{http://www.w3.org/2000/svg}style")
    assert 'font-family:"lrviz Sans";font-weight:400;src:url(data:font/woff2;base64,' in style.text
    words = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert wanted["layout"]["title"]["text"].split("<br>")[0] in words


@pytest.mark.browser
def test_an_svg_shows_the_numbers(drawn):
    settings = ewma.LESSON.settings(betas=(0.9,))
    root = ET.parse(drawn("svg", "ewma?betas=0.9", "--size", "1000x600")).getroot()
    paths = [node.get("d") for node in root.iter("{http://www.w3.org/2000/svg}path") if node.get("class") == "js-line"]
    results = ewma.compute(settings)
    layout = gallery_of("ewma")["year"].spec(results)["layout"]
    margin, (x0, x1), (y0, y1) = layout["margin"], layout["xaxis"]["range"], layout["yaxis"]["range"]
    across, down = 1000 - margin["l"] - margin["r"], 600 - margin["t"] - margin["b"]
    for path, values in zip(paths, (results.value, results.plain[0]), strict=False):
        pairs = np.array([pair.split(",") for pair in path.removeprefix("M").replace("L", " ").split()], dtype=float)
        x, y = x0 + pairs[:, 0] / across * (x1 - x0), y1 - pairs[:, 1] / down * (y1 - y0)
        # a pixel in a hundred is the precision of the file; Plotly leaves out vertices that cannot be seen, a fifth of a pixel off
        np.testing.assert_allclose(y, np.interp(x, results.day, values), atol=0.3 * (y1 - y0) / down)
        assert len(x) > 100
        assert (x.min(), x.max()) == pytest.approx((1, 365), abs=0.01)


@pytest.mark.browser
def test_a_png_has_the_size_and_ground_that_were_asked_for(drawn):
    from PIL import Image

    with Image.open(drawn("png", "E4", "--size", "800x450", "--scale", "2", "--ground", "transparent")) as image:
        assert image.size == (1600, 900)
        assert image.text["lrviz:link"] == "ewma?betas=0.9&focus=1"
        assert image.getpixel((2, 2))[3] == 0
        assert (0xD5, 0x5E, 0x00, 255) in {colour for _, colour in image.getcolors(1 << 20)}
    with Image.open(drawn("png", "E4", "--style", "slide", "--theme", "dark")) as image:
        assert image.size == (1280, 720)
        assert image.getpixel((2, 2)) == (0x11, 0x15, 0x1B, 255)


@pytest.mark.browser
def test_a_process_of_its_own_draws_a_pdf_with_text_and_lines_not_pixels(browser, tmp_path):
    import os

    import pypdf
    from chromium import executable

    file = tmp_path / "e7.pdf"
    words = ("export", "E7", "--size", "1600x900", "-o", str(file))
    command = [sys.executable, "-W", "error", "-m", "lrviz", *words]
    environment = os.environ | {"BROWSER_PATH": executable()}
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, env=environment)
    assert (run.returncode, run.stderr, run.stdout) == (0, "", f"{file}\n")
    reader = pypdf.PdfReader(file)
    (page,) = reader.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((1200, 675), abs=1)
    text = page.extract_text()
    settings = address.resolve("E7").settings
    assert gallery_of("ewma")["year"].spec(ewma.compute(settings))["layout"]["title"]["text"] in text
    assert "1 − β^t" in text
    assert "temperature (°F)" in text
    names = [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]
    assert names
    assert all(re.fullmatch(r"/[A-Z]{6}\+lrvizSans-(Regular|Bold)", name) for name in names), names
    assert not page["/Resources"].get("/XObject", {})
    assert len(page.get_contents().get_data()) > 5000
    assert reader.metadata["/lrviz:link"].startswith("ewma?betas=0.98&corrected=1&")
    assert reader.metadata.title == "Daily readings and their averages"
