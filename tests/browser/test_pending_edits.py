"""The browser's list of edits that the page has not taken yet."""

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from playwright.sync_api import TimeoutError
from support.visitors import PLAIN, settle

from lrviz.lessons import LESSONS
from lrviz.link import encode
from lrviz.ui.assets import address

pytestmark = pytest.mark.browser

EDIT = """async (module) => {
  const { pause, record, resume } = await import(module);
  Object.assign(window, { pause, resume, sent: 0 });
  record("a slider", () => (window.sent += 1));
}"""
MARK = "document.documentElement.dataset.lrvizEdits"


def test_an_edit_that_nobody_answers_is_waited_for_a_while_but_never_given_up_while_the_connection_is_lost(open_page):
    page = open_page(PLAIN, figure=False, fresh=True)
    page.clock.install()
    page.evaluate(EDIT, address("pending_edits.js"))
    page.clock.run_for(1000)
    assert page.evaluate(f"[window.sent, {MARK}]") == [1, "pending"]
    page.evaluate("pause()")
    page.clock.run_for(60_000)
    assert page.evaluate(f"[window.sent, {MARK}]") == [1, "pending"]
    page.evaluate("resume()")
    page.clock.run_for(14_000)
    assert page.evaluate(f"[window.sent, {MARK}]") == [2, "pending"]
    page.clock.run_for(5_000)
    assert page.evaluate(f"[window.sent, {MARK}]") == [2, "none"]


TAKEN = """async (module) => {
  const { drawn, isPending, pause, record, resume } = await import(module);
  Object.assign(window, { drawn, pause, resume, sent: [] });
  window.edit = (key) => {
    record(key, (seq) => {
      window.sent.push(key);
      window.take = () => isPending(key, seq);
    });
  };
}"""


@pytest.fixture
def edited(open_page):
    """A page with nothing on it that has taken an edit, which the address need not show yet."""
    page = open_page(PLAIN, figure=False, fresh=True)
    page.evaluate(TAKEN, address("pending_edits.js"))
    page.evaluate("edit('slider')")
    page.wait_for_function("() => window.sent.length === 1")
    assert page.evaluate(MARK) == "pending"
    assert page.evaluate("take()") is False
    assert page.evaluate(MARK) == "none"
    return page


def sent_again(page):
    """What is sent when the connection is lost and found."""
    page.evaluate("pause(); sent.length = 0; resume()")
    return page.evaluate("sent")


def test_an_edit_that_was_taken_is_kept_until_the_page_has_been_drawn(edited):
    assert sent_again(edited) == ["slider"]
    assert sent_again(edited) == ["slider"]  # by a process that has not taken it
    assert edited.evaluate(MARK) == "pending"
    edited.evaluate("take()")
    edited.evaluate("drawn()")
    assert sent_again(edited) == []


def test_an_edit_that_was_taken_is_kept_until_the_address_shows_it(edited):
    edited.evaluate("history.replaceState({}, '', '?slider=1')")
    assert sent_again(edited) == []


# An edit and, before it is sent, a button

# As an arrow key does it, which would take the focus.
NUDGE = """(label) => {
  const range = document.querySelector(`input[type=range][aria-label="${label}"]`);
  range.stepUp();
  range.dispatchEvent(new Event("input", { bubbles: true }));
}"""
PRESET = LESSONS["ewma"].presets[2]
BY_KEY, BY_MOUSE = "by key", "by mouse"


def address_of(name, **settings):
    return urlencode(encode(LESSONS[name].settings(**settings), LESSONS[name].params))


def nudge_and_press(page, label, button, how):
    """Move a slider, and press a button before the slider's edit has been sent."""
    box = button.bounding_box()
    if how == BY_KEY:
        button.focus()
    page.evaluate(NUDGE, label)
    if how == BY_KEY:
        page.keyboard.press("Enter")
    else:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def has_address(page, query):
    with suppress(TimeoutError):  # what differs is said below
        page.wait_for_function("(query) => location.search === query", arg=query and f"?{query}")
    settle(page)
    assert page.evaluate("location.search") == (query and f"?{query}")


@pytest.mark.parametrize("how", [BY_KEY, BY_MOUSE])
def test_a_button_has_the_last_word_over_an_edit_before_it(open_page, how):
    page = open_page("ewma?betas=0.6%2C0.9&corrected=1")
    nudge_and_press(page, "decay rates 2", page.get_by_role("button", name="Reset", exact=True), how)
    has_address(page, "")
    assert page.get_by_label("decay rates 1, exact value").input_value() == "0.5"

    page.get_by_role("button", name="Presets").click()
    preset = page.get_by_role("button", name=PRESET.title)
    preset.wait_for()
    settle(page)
    nudge_and_press(page, "decay rates 2", preset, how)
    has_address(page, address_of("ewma", **PRESET.settings))


@pytest.mark.parametrize("how", [BY_KEY, BY_MOUSE])
def test_a_button_builds_on_an_edit_before_it(open_page, how):
    page = open_page("schedules?edit=a")
    nudge_and_press(page, "lowest fraction", page.get_by_role("button", name="Keep A, go on with a copy"), how)
    both = {f"{letter}.cosine_decay.alpha": 0.001 for letter in "ad"}
    copied = {"curves": ("a", "b", "c", "d"), "edit": "d", "d.schedule": "cosine_decay"}
    has_address(page, address_of("schedules", **copied, **both))


def test_an_edit_after_a_button_counts(open_page):
    page = open_page("ewma?corrected=1")
    page.get_by_role("button", name="Reset", exact=True).click()
    page.evaluate(NUDGE, "decay rates 2")
    has_address(page, "betas=0.5%2C0.905%2C0.98")
