"""A camera that is none: what is sent to it, other programs film."""

from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.video.material.film_source import PictureSource
from multistyle.video.packages import import_pyvirtualcam

# What `--output` calls it.
NAME = "virtual"


class VirtualCamera:
    """What meetings and OBS see as a camera.

    It is used in a `with` block.

    Args:
        source: what the pictures are made from.

    Attributes:
        device: str, under which name other programs have it.

    Raises:
        InputError: if the package is not installed, or the system has no
            driver for it; the message says what to do.
    """

    def __init__(self, source: PictureSource):
        height, width = source.size
        package = import_pyvirtualcam()
        try:
            self._camera = package.Camera(width, height, float(source.rate))
        except RuntimeError as error:
            reason, *_ = str(error).splitlines()
            raise InputError(
                f"There is no virtual camera ({reason}): on Linux `sudo "
                "modprobe v4l2loopback`, elsewhere install OBS, whose own it "
                "is."
            ) from error
        self.device = self._camera.device

    def __enter__(self) -> "VirtualCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._camera.close()

    def write(self, pixels: np.ndarray, time: int, alpha: Any = None) -> None:
        """Shows a picture to whoever looks.

        Args:
            pixels: uint8 [H, W, 3], RGB, of the source's size.
            time, alpha: see `FilmEncoder`; neither counts.
        """
        self._camera.send(np.ascontiguousarray(pixels))
