"""The true moments of a picture that is too large for one pass."""

import shutil
import tempfile
from collections.abc import Callable
from typing import IO

import numpy as np

from multistyle.errors import InputError
from multistyle.images.tiles import Window, take
from multistyle.images.values import to_float
from multistyle.inference.engines.engine import Moments
from multistyle.inference.engines.layers import Layers
from multistyle.inference.passes.memory import show
from multistyle.network.architecture import EXTENSION, extension

# The others are computed again from these, strip by strip, when asked for:
# at a quarter and at half of the size, they are cheap to keep.
_KEPT = ("contract_3", "residual", "expand_1")


class LayerByLayer:
    """Goes through a network one layer after another, in strips of rows.

    What a later layer needs of an earlier one lies in scratch files without a
    name, which vanish with the process, whatever ends it.

    Args:
        network: its `Layers`.
        image: [H, W, 3], uint8, uint16, or float in [0, 1]; H, W >= 8.
        weights_of: function of a `Window` that returns its style weights,
            float32 [N] or [h, w, N].
        strip_bytes: int, about how large the largest array may be.
    """

    def __init__(
        self,
        network: Layers,
        image: np.ndarray,
        weights_of: Callable[[Window], np.ndarray],
        strip_bytes: float,
    ):
        self._network = network
        self._image = image
        self._weights_of = weights_of
        self._strip_bytes = strip_bytes
        self._files: dict[int, IO[bytes]] = {}
        self._moments: Moments = {}
        height, width = image.shape[:2]
        self._start = 0
        if network.extend_image:
            self._start = -EXTENSION
            height, width = (n + sum(extension(n)) for n in (height, width))
        self._sizes = {-1: (height, width, 3)}
        for index, block in enumerate(network.blocks):
            height, width, _ = self._sizes[index - 1]
            if block.upsample:
                height, width = 2 * height, 2 * width
            self._sizes[index] = (
                -(-height // block.strides),
                -(-width // block.strides),
                block.filters,
            )

    @property
    def scratch_bytes(self) -> int:
        """The most that lies on the disk at one time."""
        most, kept = 0, set()
        for index in range(len(self._sizes) - 1):
            if self._is_kept(index):
                kept.add(index)
                most = max(most, sum(self._num_bytes(i) for i in kept))
                kept = {i for i in kept if self._is_needed(i, index)}
        return most

    def check_disk(self) -> None:
        """Raises InputError if the scratch files have no room."""
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
        if self.scratch_bytes > free:
            raise InputError(
                f"--tiling=exact needs {show(self.scratch_bytes)} on the disk "
                f"of `{folder}`, where `{show(free)}` are free: name another "
                "folder in the environment variable TMPDIR, or leave "
                "--tiling=exact away."
            )

    def measure(self, progress: Callable[[float], None]) -> Moments:
        """Measures the moments of every layer.

        Args:
            progress: function of the share that is done, in [0, 1].

        Returns:
            dict layer name -> (mean, variance), each float32 [1, 1, 1, C].

        Raises:
            InputError: if the disk is full.
        """
        num_layers = len(self._network.blocks)
        try:
            for index, block in enumerate(self._network.blocks):
                self._moments[block.name] = self._measure_layer(index)
                if self._is_kept(index):
                    self._finish_layer(index)
                progress((index + 1) / num_layers)
        except OSError as error:
            raise InputError(
                f"The scratch files of --tiling=exact cannot be written to "
                f"`{tempfile.gettempdir()}`: {error.strerror}."
            ) from error
        finally:
            self.close()
        return self._moments

    def close(self) -> None:
        """Gives the disk back."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _measure_layer(self, index):
        """Measures one layer's moments, and keeps it if it is to be kept."""
        if self._is_kept(index):
            self._files[index] = tempfile.TemporaryFile(prefix="multistyle-")
        count = mean = squares = 0
        for start, stop in self._strips(index):
            strip = self._convolved(index, start, stop)
            if self._is_kept(index):
                self._write(index, start, strip)
            # Strips are joined as in Chan et al., 1983.
            size = strip.shape[1] * strip.shape[2]
            own = strip.mean(axis=(0, 1, 2), dtype=np.float64)
            shift = own - mean
            squares = squares + size * strip.var(
                axis=(0, 1, 2), dtype=np.float64
            )
            squares = squares + shift**2 * (count * size / (count + size))
            count += size
            mean = mean + shift * (size / count)
        return tuple(
            value.astype(np.float32)[None, None, None]
            for value in (mean, squares / count)
        )

    def _finish_layer(self, index):
        """Normalizes and activates a layer where it lies on the disk."""
        for start, stop in self._strips(index):
            strip = self._read(index, start, stop)
            self._write(index, start, self._finished(index, strip, start, stop))
        for other in list(self._files):
            if not self._is_needed(other, index):
                self._files.pop(other).close()

    def _rows(self, index, start, stop):
        """Returns rows of a layer's output, [1, n, w, C]; -1 is the picture."""
        if index in self._files:
            return self._read(index, start, stop)
        if index == -1:
            window = self._window(start, stop, self._sizes[-1][1])
            return to_float(take(self._image, window))[None]
        strip = self._convolved(index, start, stop)
        return self._finished(index, strip, start, stop)

    def _convolved(self, index, start, stop):
        """Returns rows of a layer before its normalization."""
        block = self._network.blocks[index]
        scale = 2 if block.upsample else 1
        pad = block.kernel_size // 2
        height = self._sizes[index - 1][0] * scale
        rows = np.arange(
            start * block.strides - pad, (stop - 1) * block.strides + pad + 1
        )
        rows = np.abs(rows)
        rows = np.minimum(rows, 2 * (height - 1) - rows) // scale
        first = rows.min()
        x = self._rows(index - 1, first, rows.max() + 1)[:, rows - first]
        if block.upsample:
            x = np.repeat(x, 2, axis=2)
        x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (0, 0)], mode="reflect")
        return block.convolve(x)

    def _finished(self, index, strip, start, stop):
        """Returns rows of a layer's output of those before normalization."""
        block = self._network.blocks[index]
        addend = None
        if block.addend is not None:
            addend = self._rows(self._index(block.addend), start, stop)
        return block.finish(
            strip,
            self._weights(index, start, stop),
            addend,
            self._moments[block.name],
        )

    def _weights(self, index, start, stop):
        """Returns the style weights of rows of a layer, of rank 4."""
        height, width, _ = self._sizes[index]
        # Magenta's network rounds up by itself.
        whole_height, whole_width = (
            size + -size % 4 for size in self._sizes[-1][:2]
        )
        rows = np.arange(start, stop) * whole_height // height
        columns = np.arange(width) * whole_width // width
        window = self._window(rows[0], rows[-1] + 1, whole_width)
        weights = take(self._weights_of, window, self._image.shape[:2])
        if weights.ndim == 1:
            return weights[None, None, None]
        return weights[rows - rows[0]][:, columns][None]

    def _window(self, start, stop, width):
        """Returns rows of the extended picture as a window of the picture."""
        first = self._start
        return Window(first + start, first + stop, first, first + width)

    def _strips(self, index):
        """Yields the (start, stop) of strips of rows of a layer."""
        height = self._sizes[index][0]
        # The most that a row of it calls for is at the picture's full size.
        full_height, full_width, _ = self._sizes[-1]
        channels = self._network.blocks[0].filters
        row_bytes = 4 * full_width * channels * full_height / height
        step = max(8, int(self._strip_bytes / row_bytes))
        for start in range(0, height, step):
            yield start, min(height, start + step)

    def _is_kept(self, index):
        return self._network.blocks[index].name.startswith(_KEPT)

    def _is_needed(self, index, done):
        """Whether a kept layer is read again once layer `done` is finished."""
        if index >= done:
            return True
        name = self._network.blocks[index].name
        later = self._network.blocks[done + 1 :]
        return name in [block.addend for block in later]

    def _index(self, name):
        return [block.name for block in self._network.blocks].index(name)

    def _num_bytes(self, index):
        return int(np.prod(self._sizes[index])) * 4

    def _read(self, index, start, stop):
        _, width, channels = self._sizes[index]
        file = self._files[index]
        file.seek(start * width * channels * 4)
        data = file.read((stop - start) * width * channels * 4)
        return np.frombuffer(data, np.float32).reshape(
            1, stop - start, width, channels
        )

    def _write(self, index, start, strip):
        _, width, channels = self._sizes[index]
        file = self._files[index]
        file.seek(start * width * channels * 4)
        file.write(np.ascontiguousarray(strip, np.float32).data)
        file.flush()  # A full disk shows here and not when it is closed.
