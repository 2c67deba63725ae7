import pytest

from multistyle.server.jobs.efforts import Effort, Paces


@pytest.fixture
def paces():
    return Paces()


def test_a_pace_is_by_units_and_the_last_counts_most(paces):
    assert paces.of("wide") is None
    paces.note("wide", units=4, seconds=2)
    assert paces.of("wide") == 0.5
    # By units: a small one hardly changes it.
    paces.note("wide", units=0.01, seconds=0.02)
    assert paces.of("wide") == pytest.approx(0.5, rel=0.01)
    # After a few minutes of another pace the former is forgotten.
    for _ in range(20):
        paces.note("wide", units=10, seconds=10)
    assert paces.of("wide") == pytest.approx(1, rel=0.01)


def test_an_effort_is_what_its_parts_take(paces):
    effort = Effort(
        painted={"wide": 100, "narrow": 300}, rest="a picture", units=400
    )
    paces.note("wide", units=1, seconds=4)
    assert effort.seconds(paces) is None
    paces.note("narrow", units=1, seconds=1)
    # What was never measured is taken from the faster network's pace.
    assert effort.seconds(paces) == 100 * 4 + 300 * 1 + 400 * 0.6
    effort.learn(paces, 100 * 4 + 300 * 1 + 400 * 0.1)
    assert paces.of("a picture") == pytest.approx(0.1)
    assert effort.seconds(paces) == pytest.approx(740)
    # It may be faster than painting alone was.
    effort.learn(paces, 5)
    assert paces.of("a picture") < 0.1


def test_what_is_known_is_not_measured(paces):
    lesson = Effort(rest="a lesson", units=2, usual=10)
    assert lesson.seconds(paces) == 20
    lesson.learn(paces, 1)
    assert lesson.seconds(paces) == 20
