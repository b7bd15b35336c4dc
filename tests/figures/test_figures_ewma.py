"""The pictures of averages: what is drawn is what was computed, every figure is one that Plotly accepts, sentences hold."""

import re

import numpy as np
import plotly.graph_objects as go
import pytest
from support.sound_figure import assert_complete

from lrviz.averages import ewma, ewma_weights
from lrviz.figures.ewma import PICTURES, averages_caption, beta_table, colours, window_caption
from lrviz.figures.ewma.words import error_caption, error_title
from lrviz.figures.plot.theme import AMBER, DARK, GREEN, RED, themed
from lrviz.lessons.ewma import LESSON, SECTIONS, SWEEP, OwnSeries
from lrviz.signals import SIGNALS

ODD = {
    "the defaults": {},
    "one beta": {"betas": (0.9,), "focus": 1},
    "six betas": {"betas": (0.0, 0.5, 0.9, 0.98, 0.995, 0.999), "focus": 6},
    "equal betas": {"betas": (0.9, 0.9, 0.9)},
    "no memory": {"betas": (0.0,), "focus": 1, "day": 1},
    "day 1": {"day": 1},
    "the last day": {"day": 366, "last_day": 366},
    "ten days": {"last_day": 10, "corrected": True},
    "all at once": {"corrected": True, "unit": "F", "mean": True, "window": "same_lag", "style": "slide"},
    "nothing happens": {"signal": "impulse", "impulse.at": 400},
    "all days equal": {"signal": "constant", "constant.noise": 0.0, "constant.level": 0.0},
    "below zero": {"signal": "ramp", "ramp.slope": -1e6},
    "almost everything": {"betas": (0.9999999,), "focus": 1, "day": 365},
}
EVERY_PICTURE = pytest.mark.parametrize("name", PICTURES)


def results(**changes):
    return LESSON.compute(LESSON.settings(**changes))


def own(values, **changes):
    return LESSON.compute(LESSON.settings(**changes), OwnSeries("my year", np.asarray(values, dtype=float), "A note."))


def traces(name, r):
    return {trace.name: trace for trace in PICTURES[name].draw(r).data}


# Every figure, every state


@EVERY_PICTURE
@pytest.mark.parametrize("changes", ODD.values(), ids=ODD)
def test_every_figure_is_one_that_plotly_accepts_with_a_sentence_of_numbers(name, changes):
    r = results(**changes)
    figure = PICTURES[name].draw(r)
    assert isinstance(figure, go.Figure)
    sentence = PICTURES[name].caption(r)
    assert_complete(figure, sentence)
    assert "nan" not in sentence
    assert "inf" not in sentence.lower().split()


@EVERY_PICTURE
@pytest.mark.parametrize("preset", LESSON.presets, ids=lambda p: p.claim)
def test_every_preset_draws_every_figure(name, preset):
    assert PICTURES[name].draw(results(**preset.settings)).data


@EVERY_PICTURE
@pytest.mark.parametrize("signal", SIGNALS)
def test_every_signal_draws(name, signal):
    assert PICTURES[name].draw(results(signal=signal)).data


@EVERY_PICTURE
def test_an_own_series_draws_and_nobody_claims_to_know_its_mean(name):
    r = own(10 + np.sin(np.arange(366)), mean=True, window="same_lag")
    figure = PICTURES[name].draw(r)
    if name in ("year", "against_window"):
        assert "known mean" not in {trace.name for trace in figure.data}
        assert "°C" in figure.layout.yaxis.title.text
    assert PICTURES[name].caption(r)


@EVERY_PICTURE
@pytest.mark.parametrize("changes", [ODD["six betas"], ODD["all at once"]], ids=["six", "all"])
def test_nothing_light_is_left_in_the_dark(name, changes):
    text = themed(PICTURES[name].draw(results(**changes)), "dark").to_json()
    found = set(re.findall("#[0-9a-f]{6}", text))
    assert found
    assert found <= set(DARK.values())
    light = set(re.findall("#[0-9a-fA-F]{3,8}", PICTURES[name].draw(results(**changes)).to_json()))
    assert light <= set(DARK)


@EVERY_PICTURE
def test_no_axis_reaches_beyond_or_jumps_while_the_decay_rates_move(name):
    if name in ("year", "against_window"):
        ranges = [PICTURES[name].draw(results(betas=b, focus=1)).layout for b in ((0.1,), (0.99,))]
        assert ranges[0].xaxis.range == ranges[1].xaxis.range
        assert ranges[0].yaxis.range == ranges[1].yaxis.range
        assert ranges[0].yaxis.range[0] < results().value.min() < results().value.max() < ranges[0].yaxis.range[1]


# What is drawn


def test_the_year_draws_the_readings_and_every_average():
    r = results(mean=True)
    drawn = traces("year", r)
    np.testing.assert_array_equal(drawn["reading"].x, r.day)
    np.testing.assert_array_equal(drawn["reading"].y, r.value)
    np.testing.assert_array_equal(drawn["known mean"].y, r.mean)
    for k in range(3):
        np.testing.assert_array_equal(drawn[f"average {k + 1}"].y, r.plain[k])
    assert set(drawn) == {"reading", "known mean", "average 1", "average 2", "average 3", "sweep", "chosen day"}


def test_with_the_correction_on_both_curves_of_a_decay_rate_are_drawn():
    r = results(corrected=True)
    drawn = traces("year", r)
    for k in range(3):
        np.testing.assert_array_equal(drawn[f"average {k + 1}"].y, r.corrected[k])
        np.testing.assert_array_equal(drawn[f"average {k + 1} from 0"].y, r.plain[k])
        assert drawn[f"average {k + 1}"].line.dash is None
        assert drawn[f"average {k + 1} from 0"].line.dash == "dot"


def test_the_chosen_day_is_marked_on_every_curve():
    for corrected in (False, True):
        r = results(day=42, corrected=corrected)
        marks = traces("year", r)["chosen day"]
        np.testing.assert_array_equal(marks.x, [42, 42, 42])
        np.testing.assert_array_equal(marks.y, (r.corrected if corrected else r.plain)[:, 41])


def test_only_the_first_days_are_drawn_where_that_is_asked():
    drawn = traces("year", results(last_day=10, corrected=True))
    assert {len(t.x) for name, t in drawn.items() if name != "chosen day"} == {10}


def test_the_frames_of_the_sweep_are_the_averages_of_one_batch_and_move_one_curve():
    r = results()
    figure = PICTURES["year"].draw(r)
    assert len(figure.frames) == len(SWEEP) == len(figure.layout.meta["bar"]["values"])
    names = [trace.name for trace in figure.data]
    for frame, beta, curve in zip(figure.frames, SWEEP, r.sweep, strict=True):
        assert frame.name == f"{beta:.4g}"
        assert [names[i] for i in frame.traces] == ["sweep"]
        np.testing.assert_array_equal(frame.data[0].y, curve)
    np.testing.assert_array_equal(figure.frames[0].data[0].y, r.value)  # beta 0 has no memory: the readings themselves


def test_what_stays_while_a_decay_rate_is_dragged_comes_first():
    for changes in ({}, {"mean": True}):
        one, other = (PICTURES["year"].spec(results(betas=b, **changes)) for b in ((0.5,), (0.9,)))
        still = one["layout"]["meta"]["still"]
        assert still == len(changes) + 1
        for a, b in zip(one["data"][:still], other["data"][:still], strict=True):
            np.testing.assert_array_equal(a["y"], b["y"])


def test_a_point_is_picked_where_the_chosen_day_is_and_an_arrow_key_is_a_day():
    r = results(day=42)
    pick = PICTURES["year"].spec(r)["layout"]["meta"]["pick"]
    assert pick["at"] == [42, r.plain[r.focus, 41]]
    assert pick["by"] == [1, 0]


def test_one_day_unrolled_draws_its_weights_over_the_days_they_weigh():
    r = results(day=100, betas=(0.9,), focus=1)
    drawn = traces("unrolled", r)
    np.testing.assert_array_equal(drawn["weight"].x[:3], [100, 99, 98])
    np.testing.assert_allclose(drawn["weight"].y[:3], [0.1, 0.09, 0.081], rtol=1e-12)
    np.testing.assert_array_equal(drawn["reading"].y[:3], [r.value[99], r.value[98], r.value[97]])
    assert len(drawn["weight"].x) == pytest.approx(5 * 10, abs=2)  # five windows of 10 days
    lines = PICTURES["unrolled"].draw(r).layout.shapes
    assert lines[0].y0 == pytest.approx(0.1 / np.e)
    assert lines[1].x0 == 100 - 10 + 0.5


def test_on_day_1_there_is_one_bar_and_no_window():
    figure = PICTURES["unrolled"].draw(results(day=1))
    assert [len(trace.x) for trace in figure.data] == [1, 1]
    assert len(figure.layout.shapes) == len(figure.layout.annotations) == 1


def test_the_moving_window_is_drawn_beside_the_corrected_average():
    r = results(betas=(0.98,), focus=1, window="same_lag", last_day=200)
    drawn = traces("against_window", r)
    np.testing.assert_array_equal(drawn["average"].y, r.corrected[0, :200])
    np.testing.assert_array_equal(drawn["moving window"].y, r.moving[:200])
    np.testing.assert_array_equal(drawn["known mean"].y, r.mean[:200])


def test_the_error_is_drawn_over_the_days_remembered_and_in_the_unit_shown():
    c, f = results(), results(unit="F")
    curve, points = traces("error_against_beta", c)["average"], traces("error_against_beta", c)["chosen"]
    np.testing.assert_allclose(curve.x, 1 / (1 - c.error_curve.beta))
    np.testing.assert_array_equal(curve.y, c.error_curve.average)
    np.testing.assert_allclose(points.x, [2, 10, 50])
    np.testing.assert_allclose(points.y, [2.37, 1.65, 3.14], atol=5e-3)
    np.testing.assert_allclose(traces("error_against_beta", f)["chosen"].y, 1.8 * np.array(points.y))
    assert "°F" in PICTURES["error_against_beta"].draw(f).layout.yaxis.title.text


# Colours and cues


def test_the_notes_colours_stay_recognisable():
    assert colours((0.5, 0.9, 0.98)) == [AMBER, RED, GREEN]
    assert colours((0.98, 0.5)) == [GREEN, AMBER]


def test_no_two_curves_share_a_colour():
    for betas in ((0.9,) * 6, (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), (0.99, 0.98, 0.97, 0.96, 0.5, 0.9)):
        assert len(set(colours(betas))) == 6


@pytest.mark.parametrize("changes", [{}, {"corrected": True, "mean": True}, ODD["six betas"]])
def test_the_key_names_every_curve_in_its_colour(changes):
    r = results(**changes)
    figure = PICTURES["year"].draw(r)
    (key,) = (note.text for note in figure.layout.annotations if note.name == "key")
    for k, beta in enumerate(r.betas):
        colour = traces("year", r)[f"average {k + 1}"].line.color
        assert re.search(rf"color:{colour}'>[^<]+</span> β = {beta:.4g}(\s|<|$)", key)
    assert ("known mean" in key) == r.settings["mean"]
    assert ("from 0" in key) == r.settings["corrected"]


# Sentences


def test_the_sentence_says_how_late_and_how_calm_the_averages_are():
    r = results()
    words = averages_caption(r)
    assert "about 2, 10 and 50 days" in words
    raw = np.sqrt(np.mean(np.diff(r.value) ** 2))
    for k in range(3):
        assert f"{100 * np.sqrt(np.mean(np.diff(r.corrected[k]) ** 2)) / raw:.2g} %" in words


@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.98, 0.995])
def test_the_lag_that_is_said_is_the_one_on_a_ramp(beta):
    # v = slope (t - lag) once the start has faded: measured on a long ramp, whatever series is on show.
    n = 20_000
    trailing = n - 1 - ewma(np.arange(float(n)), beta)[-1]
    for signal in SIGNALS:
        said = re.search(
            r"lags β/\(1 − β\) = ([\d,.]+) days? behind",
            averages_caption(results(signal=signal, betas=(beta,), focus=1)),
        )
        assert float(said[1].replace(",", "")) == pytest.approx(trailing, rel=6e-3)


def test_the_sentence_counts_in_the_singular_where_there_is_one():
    words = averages_caption(results(betas=(0.0,), focus=1))
    assert words.startswith("The average reaches back about 1 day,")
    assert words.endswith("With β = 0 the average is the day's own reading.")


def test_nothing_is_let_through_of_a_series_that_does_not_vary():
    assert "day-to-day" not in averages_caption(results(signal="constant", **{"constant.noise": 0.0}))


def test_with_the_correction_on_the_sentence_shows_the_start_in_the_unit_of_the_page():
    c, f = (averages_caption(results(betas=(0.9,), focus=1, corrected=True, day=2, unit=u)) for u in "CF")
    assert "starts at 0.44 °C" in c
    assert "starts at 4.00 °F" in f
    assert "the divisor 1 − β^t is 0.19 " in c


def numbers_in(text):
    return [float(x.replace("−", "-").replace(",", "")) for x in re.findall(r"−?\d[\d,]*\.?\d*", text)]


@pytest.mark.parametrize("day", [1, 2, 3, 4, 17, 100, 365])
@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9, 0.98])
def test_the_unrolled_sentence_adds_up(beta, day):
    r = results(day=day, betas=(beta,), focus=1)
    words = PICTURES["unrolled"].caption(r)
    terms, total = re.match(r"On day \d+ the average is (.*) = (\S+) °C\.", words).groups()
    summed = [float(np.prod(numbers_in(term))) for term in terms.replace(" from the days before", "").split(" + ")]
    assert len(summed) == min(day, 4)
    assert sum(summed) == pytest.approx(numbers_in(total)[0], abs=0.04)
    assert numbers_in(total)[0] == pytest.approx(r.plain[0, day - 1], abs=5e-3)
    # the share of the weight that the newest days carry, added up from the weights themselves
    weights = ewma_weights(beta, day)
    said = re.search(r"the newest (?:(\d+) days carry|day carries) (?:over )?([\d.]+) %", words)
    if said:
        assert float(said[2]) == pytest.approx(100 * weights[: int(said[1] or 1)].sum() / weights.sum(), abs=0.6)
    else:
        assert 1 / (1 - beta) > day - 0.5


def test_of_the_weight_there_is_on_day_100_half_a_memory_of_98_carries_three_quarters():
    # (1 - 0.98^50)/(1 - 0.98^100): by day 100 the weights sum to 0.867 only
    words = PICTURES["unrolled"].caption(results(day=100, betas=(0.98,), focus=1))
    assert "the newest 50 days carry 73 %" in words
    assert "β^50 = 0.3642" in words


def test_the_window_sentence_names_the_nearer_one():
    said = set()
    for beta in (0.5, 0.9, 0.98):
        for window in ("memory", "same_lag"):
            r = results(betas=(beta,), focus=1, window=window)
            words = window_caption(r)
            average, moving = r.errors
            nearer = "average" if average < moving else "window"
            said.add(nearer)
            assert f"the {nearer} lies nearer the known mean: {min(r.errors):.3g} °C" in words
            assert f"the last {r.window_days} readings" in words
    assert said == {"average", "window"}


def test_rounding_is_no_error():
    # a step on day 1 is a constant, and a sine of two days is 0 on every whole day: each average of them is the series itself
    for still in ({"signal": "step", "step.at": 1}, {"signal": "sine", "sine.period": 2.0}):
        r = results(betas=(0.3, 0.93), **still)
        assert window_caption(r).startswith("Both lie on the known mean all year.")
        assert error_title(r) == "No decay rate misses the known mean"
        assert (
            error_caption(r) == "Over 30 simulated years the corrected average lies on the known mean, whatever β is."
        )


def test_an_error_of_nothing_is_said_in_words():
    r = results(signal="impulse", betas=(0.05, 0.6), focus=1)  # a window of one day is the series itself
    assert "the window lies on the known mean, the average" in window_caption(r)
    assert error_caption(r).endswith("Of those drawn, β = 0 does not miss it at all.")


def test_a_correction_that_changes_nothing_to_be_seen_is_not_said_to_turn_a_number_into_itself():
    late = averages_caption(results(betas=(0.818,), corrected=True, day=241))  # 0.818^241 = 9 × 10⁻²²
    assert re.search(r"the divisor 1 − β\^t is nearly 1 and leaves \S+ °C as it is, to two decimals\.", late)
    early = averages_caption(results(betas=(0.98,), corrected=True, day=2, signal="step"))  # before the step
    assert (
        "Corrected or not, the average for β = 0.98 starts at 0.00; on day 2 the divisor 1 − β^t is 0.0396 and leaves 0.00"
        in early
    )


def test_of_measured_data_no_error_is_claimed():
    assert "nobody knows" in window_caption(own(np.arange(365.0)))


def test_the_table_carries_the_numbers_of_the_notes():
    # The lecture notes, "Numbers worth showing"
    rows = {row["β"]: row for row in beta_table(results())}
    assert rows["0.9"]["window 1/(1 − β)"] == "10 days"
    assert rows["0.9"]["half-life"] == "6.6 days"
    assert rows["0.98"]["lag on a steady rise"] == "49 days"
    assert rows["0.98"]["yearly cycle"] == "76 % of its size, 40.5 days late"
    assert rows["0.5"]["noise variance kept, independent"] == "0.333"
    assert rows["0.5"]["noise variance kept, weather"] == "0.742"
    assert rows["0.98"]["start-up bias under 5 %"] == "from day 149 on"


def test_every_section_of_the_page_is_one_that_a_preset_or_upload_uses():
    assert {p.settings.get("section") for p in LESSON.presets} == set(SECTIONS) - {"own_data"}
