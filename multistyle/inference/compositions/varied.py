"""Varied blends: copies of a photograph, each in a blend of its own."""

from typing import Any

from multistyle.blends.content_blends import ContentBlends
from multistyle.errors import InputError
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.runs.work import Work
from multistyle.inference.stylizer import Stylizer


class VariedBlends(Composition):
    """Each photograph of a folder, painted in blends by its content.

    Args:
        stylizer: a `Stylizer`.
        blends: a `ContentBlends`.
        look: a `Look`.
        strip_metadata: whether to leave out the EXIF data.
    """

    noun = "stylized"
    shown_size = None
    keeps_alpha = True

    def __init__(
        self,
        stylizer: Stylizer,
        blends: ContentBlends,
        *,
        look: Look | None = None,
        strip_metadata: bool = False,
    ):
        super().__init__(stylizer, look=look)
        self.copies = blends.copies
        self._blends = blends
        self._strip_metadata = strip_metadata

    def options(self) -> dict[str, Any]:
        options = self._blends.options() | super().options()
        if self._strip_metadata:
            options["strip_metadata"] = True
        return options

    def of_work(
        self, work: Work, digest: str | None
    ) -> tuple[Composition, dict[str, Any]]:
        if digest is None or work.copy is None:
            raise InputError(
                f"`{work.photograph}` cannot be read as a file, by whose "
                "content a blend is chosen."
            )
        weights = self._blends.of(digest, work.copy)
        if weights is None:
            raise InputError(
                f"`{work.photograph}` has no copy {work.copy} in the list of "
                "blends."
            )
        blend = Blend(
            self.stylizer,
            weights,
            look=self.look,
            strip_metadata=self._strip_metadata,
        )
        return blend, {"copy": work.copy, "style_weights": weights}
