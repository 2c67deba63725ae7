"""Scenes: where a film is cut."""

import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.material.film_source import FilmSource, Frame
from multistyle.video.material.notes import say_nothing
from multistyle.video.motion import MotionEstimator
from multistyle.video.packages import import_cv2

# The long side at which frames are compared, in pixels, and at which a film is
# read to find nothing but its scenes.
_SIZE = 96
_READ_SIZE = 192
# Levels of 255 by which neighbours differ at least where there is a cut.
_DIFFERENCE = 6
# Frames after which what was before a cut must not be back: a flash is none.
_FLASH_FRAMES = 3


class Scene(NamedTuple):
    """A scene of a film, from one cut to the next.

    Attributes:
        number: from 1.
        index: of its first frame, from 0.
        seconds: at which that is shown.
    """

    number: int
    index: int  # type: ignore[assignment]
    seconds: float

    def facts(self) -> dict[str, Any]:
        """Returns it as a dict for JSON."""
        return {"frame": self.index, "seconds": round(self.seconds, 6)}

    def __str__(self) -> str:
        return (
            f"Scene {self.number} begins at {self.seconds:.2f} s, frame "
            f"{self.index}."
        )


class SceneFinder:
    """Finds the cuts of a film, frame after frame.

    A cut is where little of a frame comes from the frame before, by the motion
    between them at a small size. What comes back within a few frames was a
    flash.

    Attributes:
        scenes: list of `Scene`, those that are certain by now.
        is_cut: bool, whether the last frame looks like the first of a scene;
            it may yet turn out to be a flash.
    """

    def __init__(self) -> None:
        self._cv2 = import_cv2()
        self._estimator = MotionEstimator()
        self._before: np.ndarray | None = None
        # What may be a cut: index, seconds, and the frame before it.
        self._maybe: tuple[int, float, np.ndarray] | None = None
        self.scenes: list[Scene] = []
        self.is_cut = False

    def look(self, frame: Frame) -> Scene | None:
        """Looks at the next frame.

        Args:
            frame: a `Frame`, whose pixels are uint8 or uint16.

        Returns:
            The `Scene` that has become certain by it, or None. Its first frame
            was some frames ago.
        """
        small = self._reduce(frame.pixels)
        before, self._before = self._before, small
        self.is_cut = False
        if before is None:
            return self._enter(frame.index, frame.seconds)
        is_change = self._is_cut(before, small)
        if self._maybe is None:
            self.is_cut = is_change
            if is_change:
                self._maybe = (frame.index, frame.seconds, before)
            return None
        index, seconds, reference = self._maybe
        self.is_cut = is_change
        if not self._is_cut(reference, small):
            self._maybe = None
        elif frame.index - index >= _FLASH_FRAMES:
            self._maybe = None
            return self._enter(index, seconds)
        return None

    def finish(self) -> Scene | None:
        """Returns the `Scene` that the film's end has made certain, or None."""
        if self._maybe is None:
            return None
        index, seconds, _ = self._maybe
        self._maybe = None
        return self._enter(index, seconds)

    def state(self) -> dict[str, np.ndarray]:
        """Returns what the next frame depends on, a dict name -> array."""
        state = {
            "scenes": np.array(
                [(scene.index, scene.seconds) for scene in self.scenes]
            )
        }
        if self._before is not None:
            state["scene_before"] = self._before
        if self._maybe is not None:
            index, seconds, reference = self._maybe
            state["scene_maybe"] = np.array((index, seconds))
            state["scene_reference"] = reference
        return state

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from what `state` gave; without it, from no frame."""
        self.scenes = [
            Scene(number, int(index), float(seconds))
            for number, (index, seconds) in enumerate(
                state.get("scenes", ()), 1
            )
        ]
        self._before = state.get("scene_before")
        if "scene_maybe" in state:
            index, seconds = state["scene_maybe"]
            reference = state["scene_reference"]
            self._maybe = int(index), float(seconds), reference

    def _enter(self, index, seconds):
        scene = Scene(len(self.scenes) + 1, index, seconds)
        self.scenes.append(scene)
        return scene

    def _reduce(self, pixels):
        factor = min(1, _SIZE / max(pixels.shape[:2]))
        size = [max(1, round(n * factor)) for n in pixels.shape[1::-1]]
        small = self._cv2.resize(
            pixels, size, interpolation=self._cv2.INTER_AREA
        )
        if small.dtype == np.uint16:
            small = (small >> 8).astype(np.uint8)
        return small

    def _is_cut(self, before, after):
        # Most frames need no more than this.
        if self._cv2.absdiff(before, after).mean() < _DIFFERENCE:
            return False
        return self._estimator.estimate(before, after).is_cut


def find_scenes(
    film: FilmSource, *, note: Callable[[str], None] | None = None
) -> Iterator[Scene]:
    """Finds the scenes of a film that can be read again.

    Args:
        film: a `FilmSource`, of a file or of numbered frames.
        note: told in lines of text what a user should know of it.

    Yields:
        `Scene`s, the first of which begins with the film.
    """
    finder = SceneFinder()
    fps = film.rate if film.film is None else None
    small = open_film(
        film.path, fps=fps, max_size=_READ_SIZE, note=note or say_nothing
    )
    for frame in small.frames():
        scene = finder.look(frame)
        if scene is not None:
            yield scene
    last = finder.finish()
    if last is not None:
        yield last


class SceneTimes:
    """When each scene of a film begins; they are found when first asked for.

    Args:
        film: a `FilmSource` that can be read again.
    """

    def __init__(self, film: FilmSource) -> None:
        self._film = film

    def __call__(self, number: int) -> float:
        """Returns the seconds at which a scene, from 1, begins.

        Raises:
            InputError: if there are not so many.
        """
        if not 1 <= number <= len(self._scenes):
            raise InputError(
                f"There is no scene {number} in `{self._film.path}`: "
                f"{len(self._scenes)} are found."
            )
        return self._scenes[number - 1].seconds

    @functools.cached_property
    def _scenes(self):
        return list(find_scenes(self._film))
