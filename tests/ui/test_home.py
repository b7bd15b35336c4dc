"""The first page and the index of claims: every claim of the notes has a link, and every link shows what it claims."""

import pytest

from lrviz.lessons import LESSONS
from lrviz.lessons.claims import IDS, TOPICS, index, link

SHOWN = [(lesson, preset) for lesson in LESSONS.values() for preset in lesson.presets]
# Where the notes slip (the lecture notes): the claim and words of the right number.
SLIPS = {
    "B1": "5 million", "E1": "29 June", "E5": "day 11", "E7": "0.8", "O2": "same rate", "D2": "0.067", "P2": "independent signs",
}  # fmt: skip


def test_ids_are_those_of_the_notes():
    assert len(IDS) == 8 + 8 + 7 + 5 + 3 + 8 + 3
    assert "O7" not in IDS
    assert {claim[0] for claim in IDS} == set(TOPICS)


@pytest.mark.parametrize("claim", IDS)
def test_every_claim_can_be_seen(claim):
    assert index(LESSONS)[claim], f"no preset shows {claim}"


@pytest.mark.parametrize("claim", SLIPS)
def test_where_the_notes_slip_the_right_number_stands(claim):
    said = " ".join(preset.slip for _, preset in index(LESSONS)[claim])
    assert said
    assert SLIPS[claim] in said


@pytest.mark.parametrize(
    ("lesson", "preset"), SHOWN, ids=[f"{p.claim}-{lesson.name}-{i}" for i, (lesson, p) in enumerate(SHOWN)]
)
def test_link_of_a_claim_opens_its_page_with_its_words_and_numbers(run_page, lesson, preset):
    assert preset.carries, "a claim's link promises words"
    name, _, query = link(lesson, preset).partition("?")
    app = run_page(name, query)
    assert not app.exception
    assert not app.error
    assert not app.warning
    sentences = " ".join(element.value for element in app.markdown)
    for words in preset.carries:
        assert words in sentences
    beside = " ".join(element.value for element in app.info)
    assert all(words in beside for words in (preset.claim, preset.look, preset.slip, preset.remark))


def test_home_lists_every_claim_with_its_link(run_page):
    app = run_page("home")
    assert not app.exception
    text = " ".join(element.value for element in app.markdown)
    for lesson, preset in SHOWN:
        assert f"]({link(lesson, preset)})" in text
        assert preset.look in text


def test_home_has_a_card_for_every_page_in_their_order(run_page):
    cards = {lesson.card: f"**{lesson.title}**" for lesson in LESSONS.values()}
    app = run_page("home")
    assert [element.value for element in app.markdown if element.value in cards] == list(cards)
    shown = [element.proto.label for element in app.get("page_link")]
    assert shown == ["Home", *(lesson.label for lesson in LESSONS.values()), *cards.values()]


@pytest.mark.browser
def test_a_card_and_a_claim_lead_to_their_pages(open_page):
    page = open_page("", figure=False)
    page.get_by_text("A · Adaptive rates").wait_for()
    page.locator("img").nth(4).wait_for()
    page.get_by_text("E · Averages").click()
    target = page.get_by_role("link", name="E7").first
    target.wait_for()
    assert "corrected=1" in target.get_attribute("href")
