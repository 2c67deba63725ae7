"""Layers and selections as files, and a painting as a layer."""

from PyQt5.QtGui import QImage

# Layers of other numbers or colours than these are brought to them: what is
# painted has 8 bits, in sRGB. In Krita a layer may have a colour space of its
# own.
_COLORS = ("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
_BYTES = 4  # Blue, green, red, alpha: QImage's ARGB32.


def write_layer(document, path):
    """Writes the active layer, as large as the document, as a PNG.

    Raises:
        OSError: if it cannot be written.
    """
    layer = document.activeNode()
    if _colors(layer) != _COLORS:
        layer = layer.duplicate()
        layer.setColorSpace(*_COLORS)
    width, height = document.width(), document.height()
    pixels = bytes(layer.projectionPixelData(0, 0, width, height))
    stride = _BYTES * width
    _save(QImage(pixels, width, height, stride, QImage.Format_ARGB32), path)


def write_selection(document, path):
    """Writes what is selected as a mask; False where nothing is.

    Raises:
        OSError: if it cannot be written.
    """
    selection = document.selection()
    if selection is None:
        return False
    width, height = document.width(), document.height()
    pixels = bytes(selection.pixelData(0, 0, width, height))
    mask = QImage(pixels, width, height, width, QImage.Format_Grayscale8)
    _save(mask, path)
    return True


def add_layer(document, path, name):
    """Lays a picture's file above the active layer, and returns that layer.

    Raises:
        OSError: if it cannot be read.
    """
    painting = QImage(path)
    if painting.isNull():
        raise OSError(f"`{path}` cannot be read")
    painting = painting.convertToFormat(QImage.Format_ARGB32)
    size = painting.width(), painting.height()
    bits = painting.constBits()
    bits.setsize(painting.sizeInBytes())
    below = document.activeNode()
    layer = document.createNode(name, "paintlayer")
    below.parentNode().addChildNode(layer, below)
    if _colors(layer) != _COLORS:
        layer.setColorSpace(*_COLORS)
    layer.setPixelData(bytes(bits), 0, 0, *size)
    document.refreshProjection()
    document.waitForDone()  # Before it, the layer is nowhere to be shown.
    document.setActiveNode(layer)
    return layer


def _colors(layer):
    return layer.colorModel(), layer.colorDepth(), layer.colorProfile()


def _save(image, path):
    if not image.save(path):
        raise OSError(f"`{path}` cannot be written")
