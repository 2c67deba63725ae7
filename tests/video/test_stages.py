import threading
import time

import pytest

from multistyle.video.stages import run_stages


def test_items_pass_all_stages_in_order():
    stages = [lambda x: x + 1, lambda x: 10 * x, str]
    found = list(run_stages(range(50), stages))
    assert found == [str(10 * (number + 1)) for number in range(50)]


def test_each_stage_has_a_thread_of_its_own():
    def name(item):
        return [*item, threading.current_thread()]

    items = list(run_stages([[], []], [name, name, name]))
    assert items[0] == items[1]
    assert len({*items[0], threading.current_thread()}) == 4


def test_stages_run_at_the_same_time():
    # Passes only if both stages are in their calls at once.
    meeting = threading.Barrier(2, timeout=10)

    def first(item):
        if item == 1:
            meeting.wait()
        return item

    def second(item):
        if item == 0:
            meeting.wait()
        return item

    assert list(run_stages([0, 1], [first, second])) == [0, 1]


def test_a_few_items_are_read_ahead_and_no_more():
    read = []

    def source():
        for number in range(100):
            read.append(number)
            yield number

    items = run_stages(source(), [lambda x: x], depth=2)
    assert next(items) == 0
    # Two queues of two, and one each in the hands of both threads and here.
    ahead = 7
    deadline = time.monotonic() + 10
    while len(read) < ahead and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(read) == ahead
    time.sleep(0.3)
    assert len(read) == ahead
    items.close()


@pytest.mark.parametrize("where", ["source", "first", "last"])
def test_an_error_stops_all_and_comes_out(where):
    before = threading.active_count()

    def source():
        for number in range(1000):
            if where == "source" and number == 3:
                raise ValueError("three")
            yield number

    def fail(name):
        def stage(item):
            if where == name and item == 3:
                raise ValueError("three")
            return item

        return stage

    found = []
    with pytest.raises(ValueError, match="three"):
        for item in run_stages(source(), [fail("first"), fail("last")]):
            found.append(item)
    assert found == [0, 1, 2]
    assert threading.active_count() == before


def test_leaving_early_stops_all():
    before = threading.active_count()
    items = run_stages(iter(int, 1), [lambda x: x, lambda x: x])
    assert next(items) == 0
    items.close()
    assert threading.active_count() == before
