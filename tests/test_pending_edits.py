"""The browser's list of edits that the page has not taken yet."""

import pytest
from visitors import PLAIN

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
