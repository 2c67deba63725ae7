"""Layers and selections as files, and a painting as a layer."""

from krita import InfoObject, Krita
from PyQt5.QtGui import QImage


def write_layer(document, path):
    """Writes the active layer, as large as the document, as a PNG."""
    krita = Krita.instance()
    options = InfoObject()
    options.setProperty("alpha", True)
    options.setProperty("forceSRGB", True)
    before = krita.batchmode()
    krita.setBatchmode(True)  # Else it asks how a PNG is to be.
    try:
        document.activeNode().save(
            path,
            document.xRes(),
            document.yRes(),
            options,
            document.bounds(),
        )
    finally:
        krita.setBatchmode(before)


def write_selection(document, path):
    """Writes what is selected as a mask; False where nothing is."""
    selection = document.selection()
    if selection is None:
        return False
    width, height = document.width(), document.height()
    pixels = bytes(selection.pixelData(0, 0, width, height))
    mask = QImage(pixels, width, height, width, QImage.Format_Grayscale8)
    return mask.save(path)


def add_layer(document, path, name):
    """Lays a picture's file above the active layer, in the document's colours.

    Returns:
        The new layer.
    """
    painting = Krita.instance().openDocument(path)
    painting.setColorSpace(
        document.colorModel(), document.colorDepth(), document.colorProfile()
    )
    width, height = document.width(), document.height()
    pixels = painting.pixelData(0, 0, width, height)
    painting.setModified(False)
    painting.close()
    layer = document.createNode(name, "paintlayer")
    below = document.activeNode()
    below.parentNode().addChildNode(layer, below)
    layer.setPixelData(pixels, 0, 0, width, height)
    document.setActiveNode(layer)
    document.refreshProjection()
    return layer
