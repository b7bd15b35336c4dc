"""Long work is done for one visitor at a time, and a page that waits for its turn can be left."""

from threading import Event, Thread

import pytest

from lrviz.lessons import LESSONS
from lrviz.lessons.cost import ALONE
from lrviz.ui.turns import alone

SLOW = "section=local_optima&basin_grid=40&optimizers=gd,momentum,heavy_ball,adam"


def never():
    raise AssertionError("nobody else is at work")


def test_one_after_the_other_and_told_to_wait_meanwhile():
    inside, leave, told, second = Event(), Event(), Event(), Event()

    def first():
        with alone(never):
            inside.set()
            assert leave.wait(10)

    def other():
        with alone(told.set):
            second.set()

    threads = [Thread(target=first), Thread(target=other)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    assert told.wait(10)
    assert not second.is_set()
    leave.set()
    assert second.wait(10)
    for thread in threads:
        thread.join(10)


def test_who_gives_up_waiting_or_fails_leaves_the_turn_to_others():
    def give_up():
        raise KeyboardInterrupt

    with alone(never), pytest.raises(KeyboardInterrupt), alone(give_up):
        pass
    with pytest.raises(ZeroDivisionError), alone(never):
        1 / 0  # noqa: B018
    with alone(never):
        pass


def test_only_a_page_that_takes_long_waits_for_a_turn(run_page, monkeypatch):
    taken = []

    def noted(waiting):
        taken.append(waiting)
        return alone(waiting)

    monkeypatch.setattr("lrviz.ui.page.alone", noted)
    for name in LESSONS:
        assert not run_page(name).exception
    assert taken == []
    lesson = LESSONS["saddles"]
    assert lesson.cost(lesson.settings(section="dimensions", draws=100_000), "dimensions").seconds > ALONE
    assert not run_page("saddles", "section=dimensions&draws=100000").exception
    assert len(taken) == 1
