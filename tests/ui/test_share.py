"""Sharing: the link, the code, the frame, and links for a class."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import unfold

from lrviz.ui import share


def test_link_keeps_the_page_and_takes_the_settings():
    address = share.link("http://localhost:8501/ewma?old=1", {"betas": "0.5,0.9", "unit": "F"})
    assert address == "http://localhost:8501/ewma?betas=0.5,0.9&unit=F"


def test_frame_embeds_and_escapes():
    html = share.frame("http://host/ewma?betas=0.5&unit=F", 'a "title"')
    source = re.search(r'src="([^"]*)"', html)[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(source).query) == {"betas": ["0.5"], "unit": ["F"], "embed": ["true"]}
    assert 'title="a &quot;title&quot;"' in html


def test_frame_of_a_page_at_its_defaults():
    assert 'src="http://host/ewma?embed=true"' in share.frame("http://host/ewma", "x")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_local_addresses_are_known(host):
    assert share._local(host)


def test_other_addresses_are_left_alone():
    assert not share._local("lrviz.example.org")
    assert share._for_phones("http://lrviz.example.org/ewma?unit=F") == "http://lrviz.example.org/ewma?unit=F"


def test_phones_get_the_machine_s_own_address(monkeypatch):
    monkeypatch.setattr(share, "_own_address", lambda: "192.0.2.7")
    assert share._for_phones("http://localhost:8501/ewma?unit=F") == "http://192.0.2.7:8501/ewma?unit=F"
    monkeypatch.setattr(share, "_own_address", lambda: None)
    assert share._for_phones("http://localhost:8501/ewma") == "http://localhost:8501/ewma"


def test_code_is_a_picture_of_its_own():
    assert share.qr("http://host/a") != share.qr("http://host/b")
    assert share.qr("http://host/a").startswith("<svg")


def controls(app) -> set[str]:
    return {element.key for kind in ("toggle", "selectbox", "multiselect") for element in app.get(kind)}


def test_classroom_link_leaves_only_the_chosen_controls(run_page):
    links = ("corrected=1", "corrected=1&classroom=1&keep=corrected&text=0&presets=0")
    full, narrow = (unfold(run_page("ewma", link)) for link in links)
    assert {"ewma.corrected", "ewma.mean"} <= controls(full)
    assert "ewma.corrected" in controls(narrow)
    assert "ewma.mean" not in controls(narrow)
    labels = [button.label for button in narrow.button]
    assert "Open the full page" in labels
    assert not any("**E1**" in label for label in labels)
    assert any("**E1**" in label for label in (button.label for button in full.button))


def test_classroom_link_has_a_lid_only_over_what_was_kept(run_page):
    app = run_page("trajectories", "classroom=1&keep=noise,seed")
    assert [box.label for box in app.expander] == ["Schedule, warm-up, noise"]
    assert len(app.get("bidi_component")) == 1  # the figure
    sliders = [one.proto.id.rpartition("trajectories.")[2] for one in unfold(app).get("bidi_component")]
    assert sorted(sliders) == ["noise", "paths", "seed"]


def test_sentence_waits_to_be_revealed(run_page):
    app = run_page("ewma", "classroom=1&sentence=reveal&section=numbers")
    assert [box.label for box in app.expander] == ["What happened? Guess first, then open."]
    assert any("The averages reach back" in text.value for text in app.expander[0].markdown)


def test_full_page_is_one_click_away_and_keeps_the_settings(run_page):
    app = run_page("ewma", "classroom=1&betas=0.7")
    next(button for button in app.button if button.label == "Open the full page").click().run()
    assert "ewma.mean" in controls(app)
    assert app.query_params["betas"] == "0.7"


@pytest.mark.browser
def test_share_panel_shows_link_code_and_frame(open_page):
    page = open_page("ewma?betas=0.7")
    page.get_by_role("button", name="Share").click()
    page.locator('[data-testid="stCode"]').nth(1).wait_for()
    codes = page.locator('[data-testid="stCode"]').all_inner_texts()
    assert codes[0].strip() == page.url
    assert "embed=true" in codes[1]
    page.get_by_role("img").and_(
        page.locator('[data-testid="stImage"] img, [data-testid="stImage"] svg')
    ).first.wait_for()
