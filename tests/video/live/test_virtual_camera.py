import sys
from fractions import Fraction

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.live.virtual_camera import VirtualCamera
from multistyle.video.material.color_tags import ColorTags


class _Source:
    size = 48, 64
    time_base = Fraction(1, 1000)
    rate = Fraction(25)
    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()


def test_without_the_package_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)
    with pytest.raises(InputError, match=r'pip install "multistyle\[camera\]"'):
        VirtualCamera(_Source())


def test_pictures_are_sent_or_one_line_says_what_is_missing():
    pytest.importorskip("pyvirtualcam")
    try:
        camera = VirtualCamera(_Source())
    except InputError as error:
        assert str(error).startswith("There is no virtual camera (")
        assert "modprobe v4l2loopback" in str(error)
        assert "\n" not in str(error)
        return
    with camera:
        for number in range(3):
            camera.write(np.full((48, 64, 3), number, np.uint8), number)
        assert camera.device
