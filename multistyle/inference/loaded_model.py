"""A loaded model: its styles, and what runs it."""

import dataclasses
import functools
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from multistyle.errors import InputError
from multistyle.inference.engines import loading as engines
from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.later_engine import LaterEngine
from multistyle.keywords import suggest_keywords
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Painting, Paintings
from multistyle.network.models import find_model
from multistyle.network.rows import join_rows, mean_row

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


class LoadedModel:
    """A model in memory, which further styles can be learned for.

    Args:
        network: a `TransformNetwork`, which Keras' backend runs.
        engine: an `Engine`, in its place.

    Raises:
        InputError: for neither, both, or something else.
    """

    @suggest_keywords
    def __init__(
        self,
        network: "TransformNetwork | None" = None,
        *,
        engine: Engine | None = None,
    ):
        noun = type(self).__name__
        if isinstance(network, (str, os.PathLike)):
            raise InputError(
                f"A `{noun}` is made of a network: load the model by "
                f'`{noun}.load("{os.fspath(network)}")`.'
            )
        if engine is not None and network is None:
            self.engine = engine
        elif engine is None and hasattr(network, "style_names"):
            # Late: it imports Keras.
            from multistyle.inference.engines.keras_engine import KerasEngine

            self.engine = KerasEngine(cast("TransformNetwork", network))
        else:
            raise InputError(
                f"A `{noun}` is made of a `TransformNetwork` or of an engine: "
                f'give one, or load a model by `{noun}.load("paintings")`.'
            )

    @classmethod
    @suggest_keywords
    def load(
        cls,
        spec: str | os.PathLike,
        *,
        precision: str = "auto",
        engine: str = "auto",
    ) -> Self:
        """Loads the network of a run folder, a file or a bundled model.

        With the extra `fast`, and without a GPU, neither Keras nor its
        backend is imported.

        Args:
            spec: path of a run folder or of a `.keras` file, or the name of a
                bundled model.
            precision: "float32"; "bfloat16" for convolutions in it: about
                half the time on a processor that has it, a mean difference
                of about 0.4/255, by the extra `fast` alone; or "auto", which
                is bfloat16 where both are there.
            engine: "openvino" (the extra `fast`), "keras", or "auto": Keras
                where it sees a GPU, else OpenVINO where it is installed.

        Raises:
            InputError: if there is no such model, engine or precision.
        """
        return cls(
            engine=engines.load_engine(
                find_model(spec), precision=precision, engine=engine
            )
        )

    @property
    def network(self) -> "TransformNetwork":
        """The `TransformNetwork`, loaded when it is first asked for."""
        return self.engine.network

    @property
    def style_names(self) -> list[str]:
        """The names of the N styles, in the order of weights [N]."""
        return self.engine.style_names

    @suggest_keywords
    def learn(
        self,
        style_images: Painting | Sequence[Painting],
        *,
        name: str | None = None,
        learning: str | None = "quick",
        loss_network: str | None = None,
        vgg_weights: str | os.PathLike[str] | None = None,
        max_pixels: int | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Self:
        """Learns styles of paintings alone, in seconds.

        What was learned is kept in the user's cache folder, so that the same
        call costs nothing the next time.

        Args:
            style_images: a painting, by its path, as a PIL image or as an
                array [H, W, 3]; a folder of paintings, a glob, or a list of
                these. Each is a style, named after its file, or as
                "night:mine.jpg" says; "monet:works/" is one style of several
                works of one hand.
            name: of the one style that all of `style_images` show; None names
                each after its file.
            learning: "instant", a look of a second, without importing Keras;
                "quick", about ten seconds a painting; "thorough", about
                half a minute. None is quick for up to three paintings, else
                instant.
            loss_network: what judges the pictures meanwhile: "pocket", or
                "vgg16", which sees better and takes longer. None is "pocket".
            vgg_weights: path of VGG-16's weights; they are downloaded where
                none is given.
            max_pixels: the most that a painting's file may have; None is 200
                million.
            progress: None, or a function of the share that is done, in
                [0, 1]; it is not called where nothing is left to learn.

        Returns:
            A new one, of the styles that were there, which stay the same to
            the bit, and of the new ones after them.

        Raises:
            InputError: for a painting that cannot be read, a name that is
                malformed or there already, and "instant" for a model whose
                shared weights are no bundled model's.

        Example:
            >>> stylizer = multistyle.Stylizer.load("paintings-fast")
            >>> grown = stylizer.learn("painting.jpg", name="mine")
            >>> grown.stylize("photo.jpg", "mine=0.6,udnie=0.4").save("me.png")
        """
        lesson = Lesson(
            Paintings(style_images, name=name, max_pixels=max_pixels),
            learning=learning,
            loss_network=loss_network,
            vgg_weights=vgg_weights,
        )
        return self.taught(lesson, progress=progress)

    def taught(
        self,
        lesson: Lesson,
        *,
        progress: Callable[[float], None] | None = None,
        finisher_progress: Callable[[float], None] | None = None,
    ) -> Self:
        """Returns a new one, of the styles of a `Lesson`, too; see `learn`.

        Args:
            lesson: the `Lesson`.
            progress: see `learn`.
            finisher_progress: the same of the finisher, which learns when it
                is first needed.
        """
        lesson.check_names(self.style_names)
        names = lesson.style_names
        engine, finisher = self.engine, self.engine.finisher
        taught = engine.with_styles(
            names, lesson.learn(engine, progress=progress)
        )
        if finisher is not None:
            # Small photographs need none, so it learns when it is needed.
            taught = taught.with_finisher(
                LaterEngine(
                    _FinisherLesson(finisher, lesson, taught, finisher_progress)
                )
            )
        return type(self)(engine=taught)

    def announced(self, lesson: Lesson) -> Self:
        """Returns one with the names of a `Lesson`, before it is learned.

        So that what is wrong with the rest of a call is found before. Each of
        the styles is the mean of those that are there.
        """
        lesson.check_names(self.style_names)
        names = lesson.style_names
        rows = [mean_row(self.engine.rows)] * len(names)
        engine = self.engine.with_styles(
            names, functools.reduce(join_rows, rows)
        )
        return type(self)(engine=engine)


@dataclasses.dataclass
class _FinisherLesson:
    """Lets a finisher learn, too; where it cannot, the engine itself is one.

    Called when it is needed.
    """

    finisher: Engine
    lesson: Lesson
    taught: Engine
    progress: Callable[[float], None] | None

    def __call__(self) -> Engine:
        finisher, lesson = self.finisher, self.lesson
        names = set(finisher.style_names)
        if not names.isdisjoint(lesson.style_names) or not lesson.suits(
            finisher
        ):
            return self.taught.with_finisher(None)
        return finisher.with_styles(
            lesson.style_names, lesson.learn(finisher, progress=self.progress)
        )

    def __getstate__(self) -> dict[str, Any]:
        # Another process says nothing of how far it is.
        return {**vars(self), "progress": None}
