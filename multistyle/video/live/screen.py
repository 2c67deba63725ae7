"""The screen: a window on it that shows pictures and takes keys."""

import io

import numpy as np
from PIL import Image

from multistyle.errors import InputError

END = "q"
# What other programs write in words, too.
_NAMED = {"Up": "up", "Down": "down", "Left": "left", "Right": "right"}


class Screen:
    """Shows pictures in a window of Tk, which comes with Python.

    OpenCV cannot do it: the package that the extra installs has no windows.
    It is used in a `with` block, in the main thread.

    Args:
        title: str, of the window.

    Raises:
        InputError: if there is no display, or no Tk.

    Example:
        A picture is shown, and a key read::

            with Screen("multistyle") as screen:
                key = screen.show(pixels)
    """

    def __init__(self, title: str):
        try:
            import tkinter
        except ImportError as error:
            raise InputError(f"No window can be shown: {error}.") from error
        try:
            self._root = tkinter.Tk()
        except tkinter.TclError as error:
            raise InputError(f"No window can be shown: {error}.") from error
        self._tkinter = tkinter
        self._key = None
        self._root.title(title)
        self._label = tkinter.Label(self._root)
        self._label.pack()
        self._caption = tkinter.Label(
            self._root, anchor="w", font="TkFixedFont", justify="left"
        )
        self._caption.pack(fill="x")
        self._root.bind("<Key>", self._press)
        self._root.protocol("WM_DELETE_WINDOW", self._end)

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *error: object) -> None:
        self._root.destroy()

    def show(self, pixels: np.ndarray, caption: str = "") -> str | None:
        """Shows a picture.

        Args:
            pixels: uint8 [H, W, 3], RGB.
            caption: lines of text that stand under it.

        Returns:
            The key that was pressed since the last call, "up", "down", "left"
            and "right" among them, `END` if the window was closed, or None.
        """
        data = io.BytesIO()
        Image.fromarray(pixels).save(data, "PPM")
        picture = self._tkinter.PhotoImage(data=data.getvalue(), format="PPM")
        self._label.configure(image=picture)
        self._caption.configure(text=caption)
        self._picture = picture  # Tk itself keeps none.
        self._root.update()
        key, self._key = self._key, None
        return key

    def _press(self, event):
        key = _NAMED.get(event.keysym, event.char)
        self._key = END if event.keysym == "Escape" else key

    def _end(self):
        self._key = END
