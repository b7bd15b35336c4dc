"""One visitor's settings: from the address, through the controls, back into the address; Back, Reset, presets, other pages."""

import json
from urllib.parse import urlencode

import pytest
from conftest import ROOT, as_read, unfold

from lrviz.lessons.ewma import LESSON
from lrviz.link import encode, parse
from lrviz.ui import session


@pytest.fixture
def page(run_page):
    """An averages page with a setting that is not at its default."""
    return run_page("ewma", "betas=0.3")


def address(app):
    return dict(parse(urlencode(app.query_params, doseq=True)))


def settings(app):
    return app.session_state["lrviz ewma"]["settings"]


def changed(app):
    return {key: value for key, value in settings(app).items() if value != LESSON.params[key].default}


def show(app, **query):
    """The browser shows this address when the script next runs."""
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value


def goto(app, **query):
    """What Back or Forward do: the address changes, then the script runs."""
    show(app, **query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "has_navigated", lambda: True)
        return app.run()


def message(app, figure="ewma.year"):
    """What the stage of a figure has been sent."""
    return json.loads(app.get_by_key(figure).proto.bytes)


def test_the_address_gives_the_settings_and_the_rest_is_at_its_default(page):
    assert changed(page) == {"betas": (0.3,)}
    assert address(page) == {"betas": "0.3"}


def test_a_control_changes_its_setting_and_the_address(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    assert changed(page) == {"betas": (0.3,), "corrected": True}
    assert address(page) == {"betas": "0.3", "corrected": "1"}
    page.selectbox(key="ewma.signal").select("sine").run()
    assert address(page) == {"signal": "sine", "betas": "0.3", "corrected": "1"}
    page.toggle(key="ewma.corrected").set_value(False).run()
    assert address(page) == {"signal": "sine", "betas": "0.3"}


def test_going_back_takes_the_settings_back_with_the_controls(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    goto(page, betas="0.3")
    assert changed(page) == {"betas": (0.3,)}
    assert page.toggle(key="ewma.corrected").value is False
    goto(page, betas="0.3", corrected="1")
    assert changed(page) == {"betas": (0.3,), "corrected": True}
    assert page.toggle(key="ewma.corrected").value is True


def test_going_back_to_the_bare_page_is_going_back_to_the_defaults(page):
    goto(page)
    assert changed(page) == {}
    assert address(page) == {}


def test_an_address_that_is_late_is_not_going_back(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    show(page, betas="0.3")
    page.toggle(key="ewma.mean").set_value(True).run()
    changed_to = {"betas": "0.3", "corrected": "1", "mean": "1"}
    for late in ({"betas": "0.3"}, {"betas": "0.3", "corrected": "1"}):
        show(page, **late)
        page.run()
        assert address(page) == changed_to
    page.run()
    show(page, betas="0.3")
    page.run()  # long since replaced: nothing that was on its way
    assert address(page) == {"betas": "0.3"}


def test_a_change_after_going_back_starts_from_there(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    goto(page, betas="0.4")
    page.toggle(key="ewma.mean").set_value(True).run()
    assert address(page) == {"betas": "0.4", "mean": "1"}


def test_running_again_without_a_change_changes_nothing(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    before = address(page)
    page.run().run()
    assert address(page) == before
    assert changed(page) == {"betas": (0.3,), "corrected": True}


@pytest.mark.parametrize("i", range(len(LESSON.presets)), ids=lambda i: LESSON.presets[i].claim)
def test_a_preset_sets_the_page_as_the_lecture_does(page, i):
    assert [button for button in page.button if button.label.startswith("**")] == []
    unfold(page).button(key=f"ewma.preset.{i}").click().run()
    assert not page.session_state["lrviz presets ewma"]  # out of the way of what it shows
    wanted = LESSON.settings(**LESSON.presets[i].settings)
    assert settings(page) == wanted
    assert address(page) == encode(wanted, LESSON.params)
    assert any(LESSON.presets[i].look in info.value for info in page.info)


def test_reset_leaves_nothing_behind_but_the_figure_style(run_page):
    page = run_page("ewma", "betas=0.3&unit=F&style=slide&section=window&london.seed=5")
    (reset,) = (button for button in page.button if button.label == "Reset")
    reset.click().run()
    assert changed(page) == {"style": "slide"}
    assert address(page) == {"style": "slide"}


def test_controls_that_do_not_know_of_a_reset_yet_do_not_undo_it(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    (reset,) = (button for button in page.button if button.label == "Reset")
    reset.click().run()
    page.toggle(key="ewma.corrected").set_value(True)  # what the browser says until it knows better
    page.toggle(key="ewma.mean").set_value(True).run()
    assert address(page) == {"mean": "1"}
    page.run()
    page.toggle(key="ewma.corrected").set_value(True).run()
    assert address(page) == {"corrected": "1", "mean": "1"}


def test_a_switch_that_is_set_again_after_a_reset_counts(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    (reset,) = (button for button in page.button if button.label == "Reset")
    reset.click().run()
    page.toggle(key="ewma.corrected").set_value(True).run()
    assert address(page) == {"corrected": "1"}


def test_a_bad_link_gives_one_warning_that_stays_until_something_is_changed(run_page):
    page = run_page("ewma", "betas=0.3&day=0&nonsense=1")
    (warning,) = page.warning
    assert "link: day must be a whole number in [1, 366], got 0" in as_read(warning.value)
    assert "link: no setting is called 'nonsense'" in warning.value
    assert changed(page) == {"betas": (0.3,)}
    # The link is left as it came, for the visitor to see what was wrong in it ...
    assert address(page) == {"betas": "0.3", "day": "0", "nonsense": "1"}
    page.run()
    assert len(page.warning) == 1
    # ... until a change writes the settings there really are.
    page.toggle(key="ewma.corrected").set_value(True).run()
    assert len(page.warning) == 0
    assert address(page) == {"betas": "0.3", "corrected": "1"}


def test_a_good_address_after_a_bad_one_takes_the_warning_away(run_page):
    page = run_page("ewma", "betas=2")
    assert len(page.warning) == 1
    goto(page, betas="0.2")
    assert len(page.warning) == 0
    assert changed(page) == {"betas": (0.2,)}


def test_settings_survive_a_look_at_another_page(page):
    page.toggle(key="ewma.corrected").set_value(True).run()
    page.switch_page("../../pages/home.py")
    page.query_params.clear()
    page.run()
    assert [title.value for title in page.title] == ["See how optimisation in deep learning works"]
    page.switch_page("../../pages/ewma.py")
    page.run()
    assert changed(page) == {"betas": (0.3,), "corrected": True}
    assert address(page) == {"betas": "0.3", "corrected": "1"}


def test_a_link_to_the_page_overrules_what_it_was_left_with(page):
    page.switch_page("../../pages/home.py").run()
    page.switch_page("../../pages/ewma.py")
    goto(page, betas="0.7")
    assert changed(page) == {"betas": (0.7,)}


def test_the_links_between_the_pages_carry_what_each_was_left_with(page):
    (link,) = (link for link in page.get("page_link") if link.proto.label == "Averages")
    assert link.proto.query_string in ("", "betas=0.3")
    page.toggle(key="ewma.corrected").set_value(True).run()
    page.switch_page("../../pages/home.py").run()
    links = {link.proto.label: link.proto.query_string for link in page.get("page_link")}
    assert links["Averages"] == "betas=0.3&corrected=1"
    assert links["Home"] == ""


# What a figure's stage is sent


def test_the_still_part_of_a_figure_is_sent_once(page):
    first = message(page)
    assert [trace["name"] for trace in first["stills"]["data"]] == ["reading"]
    assert len(first["stills"]["frames"]) > 40
    page.run()
    again = message(page)
    assert "stills" not in again
    assert again["stillKey"] == first["stillKey"]
    assert [trace["name"] for trace in again["moving"]] == ["average 1", "sweep", "chosen day"]


def test_the_still_part_is_sent_anew_when_it_changes_or_the_page_was_left(page):
    first = message(page)
    page.toggle(key="ewma.mean").set_value(True).run()
    second = message(page)
    assert second["stillKey"] != first["stillKey"]
    assert [trace["name"] for trace in second["stills"]["data"]] == ["reading", "known mean"]
    page.switch_page("../../pages/home.py").run()
    page.switch_page("../../pages/ewma.py").run()
    assert message(page)["stillKey"] == second["stillKey"]
    assert "stills" in message(page)


def test_two_visitors_do_not_share_their_settings(run_page):
    one, other = run_page("ewma", "betas=0.3"), run_page("ewma", "betas=0.6")
    one.toggle(key="ewma.corrected").set_value(True).run()
    other.run()
    assert changed(one) == {"betas": (0.3,), "corrected": True}
    assert changed(other) == {"betas": (0.6,)}


# After a process died


def test_no_button_is_drawn_but_by_the_page_which_hears_one_pressed_before_it_was_drawn():
    scripts = [*(ROOT / "lrviz" / "ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]
    assert [path.name for path in scripts if "st.button(" in path.read_text(encoding="utf-8")] == ["page.py"]


# A link for the class


def test_a_classroom_link_shows_only_the_controls_that_were_kept(run_page):
    page = run_page("ewma", "classroom=1&keep=betas,corrected&sentence=reveal&text=0&presets=0")
    assert page.get_by_key("ewma.betas") is not None
    assert [toggle.key for toggle in page.toggle] == ["ewma.corrected"]
    assert [select.key for select in page.selectbox] == []
    assert "指数加权平均" not in " ".join(m.value for m in page.markdown)
    assert any("Guess first" in box.label for box in page.expander)
    assert not any((button.key or "").startswith("ewma.preset") for button in page.button)
    (full,) = (button for button in page.button if button.label == "Open the full page")
    full.click().run()
    assert {"ewma.corrected", "ewma.mean"} <= {toggle.key for toggle in page.toggle}


def test_reset_does_not_take_a_class_out_of_its_classroom_link(run_page):
    page = run_page("ewma", "classroom=1&keep=betas&betas=0.3")
    (reset,) = (button for button in page.button if button.label == "Reset")
    reset.click().run()
    assert changed(page) == {"classroom": True, "keep": ("betas",)}
