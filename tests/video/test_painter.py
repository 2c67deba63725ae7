import numpy as np

from multistyle.video.painter import MEASURE_EVERY, Painter

WEIGHTS = np.float32([0.25, 0.75, 0])


class _Recorder:
    """An engine that paints nothing; the moments of a frame of k are k."""

    def __init__(self):
        self.used = []
        self.num_calls = 0

    def paint(self, image, style_weights, moments=None, return_moments=False):
        self.num_calls += 1
        level = np.rint(image[0, 0, 0] * 255)
        own = {"layer": (level,) * 2}
        self.used.append(None if moments is None else moments["layer"][0])
        return (image, moments or own) if return_moments else image


def make(number):
    return np.full((1, 1, 3), number, np.uint8)


def test_each_frame_has_its_own_moments_at_0():
    recorder = _Recorder()
    painter = Painter(recorder, 0)
    for number in range(5):
        painter.paint(make(number), WEIGHTS, number == 0)
    assert recorder.used == [None] * 5


def test_moments_follow_slowly_and_are_measured_now_and_then():
    recorder = _Recorder()
    painter = Painter(recorder, 1)
    count = 3 * MEASURE_EVERY
    for number in range(count):
        painter.paint(make(number), WEIGHTS, number == 0)
    assert recorder.num_calls == count + 2
    used = [value for value in recorder.used if value is not None]
    steps = np.diff(used)
    assert used[0] == 0 and (steps >= 0).all()
    # From the film's first frame towards the sixteenth, without a jump.
    assert MEASURE_EVERY < used[-1] < 2 * MEASURE_EVERY
    assert steps.max() < 0.2 * 2 * MEASURE_EVERY


def test_a_cut_and_another_blend_have_their_own():
    recorder = _Recorder()
    painter = Painter(recorder, 1)
    painter.paint(make(10), WEIGHTS, True)
    painter.paint(make(11), WEIGHTS, False)
    painter.paint(make(200), WEIGHTS, True)
    painter.paint(make(201), WEIGHTS, False)
    painter.paint(make(90), WEIGHTS[::-1], False)
    assert recorder.used == [None, 10, None, 200, None]


def test_it_goes_on_from_its_state():
    first, second = _Recorder(), _Recorder()
    one, other = Painter(first, 0.5), Painter(second, 0.5)
    assert one.state() == {}
    other.restore({})
    for number in range(11):
        one.paint(make(number), WEIGHTS, number == 0)
    other.restore({name: np.array(v) for name, v in one.state().items()})
    start = len(first.used)
    for number in range(11, 20):
        one.paint(make(number), WEIGHTS, False)
        other.paint(make(number), WEIGHTS, False)
    assert first.used[start:] == second.used
