"""The docker: which styles, how much, and what is painted meanwhile."""

import json
import os
import shutil
import tempfile

from krita import DockWidget, Krita
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from .blend_sliders import BlendSliders
from .command import Command
from .layers import add_layer, write_layer, write_selection

_TITLE = "multistyle"
_PROGRAM = "multistyle"
_GROUP = "multistyle"


class MultistyleDocker(DockWidget):
    """Paints the active layer by the command line, into a layer above it."""

    def __init__(self):
        super().__init__()
        self.setWindowTitle(_TITLE)
        self._document = self._folder = self._blend = None
        self._styles_of = {}
        self._listing, self._painting = Command(self), Command(self)
        self._listing.succeeded.connect(self._list)
        self._listing.failed.connect(self._say)
        self._painting.progressed.connect(self._progress)
        self._painting.succeeded.connect(self._finish)
        self._painting.failed.connect(self._fail)
        self._build()
        self.find_models()

    def canvasChanged(self, canvas):
        """Krita's call when another picture is shown; nothing hangs on it."""

    def find_models(self):
        """Asks the command which models and styles there are."""
        if not self._listing.is_running():
            self._say("Looking for models …")
            self._listing.start(self.program.text(), ["models", "--json"])

    def paint(self):
        """Paints the active layer, within the selection where there is one."""
        document = Krita.instance().activeDocument()
        blend = self.sliders.blend()
        if document is None or document.activeNode() is None:
            self._say("Open a picture first, and choose a layer.")
            return
        if not blend:
            self._say("Add a style, and move its slider.")
            return
        self._document, self._blend = document, blend
        self._folder = tempfile.mkdtemp(prefix="multistyle-")
        photograph, mask, output = (
            os.path.join(self._folder, name)
            for name in ("layer.png", "mask.png", "painted.png")
        )
        document.waitForDone()
        arguments = [
            "interpolate",
            photograph,
            f"--model={self.models.currentText()}",
            f"--style_weights={blend}",
            f"--strength={self.strength.value() / 100:g}",
            f"--output={output}",
            "--progress",
        ]
        try:
            write_layer(document, photograph)
            if write_selection(document, mask):
                arguments.append(f"--mask={mask}")
        except OSError as error:
            self._fail(f"{error}.")
            return
        self._show_running(True)
        self._say("Painting …")
        self._painting.start(self.program.text(), arguments)

    def cancel(self):
        """Ends what is being painted; nothing of the picture has changed."""
        self._painting.cancel()

    def is_busy(self):
        """Says whether it looks for models, or paints."""
        return self._listing.is_running() or not self.paint_button.isEnabled()

    def _build(self):
        body = QWidget(self)
        layout = QVBoxLayout(body)
        form = QFormLayout()
        self.models = QComboBox()
        self.models.currentTextChanged.connect(self._offer)
        form.addRow("Model", self.models)
        self.strength = QSlider(Qt.Horizontal)
        self.strength.setRange(0, 100)
        self.strength.setValue(100)
        form.addRow("Strength", self.strength)
        layout.addLayout(form)
        self.sliders = BlendSliders()
        layout.addWidget(self.sliders)
        buttons = QHBoxLayout()
        self.paint_button = QPushButton("Paint")
        self.paint_button.clicked.connect(self.paint)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setEnabled(False)
        self.cancel_button.clicked.connect(self.cancel)
        buttons.addWidget(self.paint_button)
        buttons.addWidget(self.cancel_button)
        layout.addLayout(buttons)
        self.bar = QProgressBar()
        layout.addWidget(self.bar)
        self.status = QLabel()
        self.status.setWordWrap(True)
        layout.addWidget(self.status)
        kept = Krita.instance().readSetting(_GROUP, "program", _PROGRAM)
        self.program = QLineEdit(kept)
        self.program.setToolTip("The command multistyle, or its whole path")
        self.program.editingFinished.connect(self._keep_program)
        form = QFormLayout()
        form.addRow("Command", self.program)
        layout.addLayout(form)
        layout.addStretch()
        self.setWidget(body)

    def _keep_program(self):
        kept = Krita.instance().readSetting(_GROUP, "program", _PROGRAM)
        if self.program.text() != kept:
            Krita.instance().writeSetting(
                _GROUP, "program", self.program.text()
            )
            self.find_models()

    def _list(self, text):
        entries = [json.loads(line) for line in text.splitlines()]
        self._styles_of = {
            entry["name"]: {
                style["name"]: ", ".join(
                    style[key]
                    for key in ("artist", "title", "year")
                    if style.get(key)
                )
                for style in entry["styles"]
            }
            for entry in entries
        }
        self.models.clear()
        self.models.addItems(list(self._styles_of))
        self._say("Choose styles, and paint the active layer.")

    def _offer(self, model):
        self.sliders.offer(self._styles_of.get(model, {}))

    def _progress(self, share, line):
        if share:
            self.bar.setRange(0, 100)
            self.bar.setValue(share)
        self._say(line)

    def _finish(self, _):
        output = os.path.join(self._folder, "painted.png")
        try:
            add_layer(self._document, output, self._blend)
        except Exception as error:  # The document may be closed meanwhile.
            self._fail(f"The painting has no place: {error}.")
            return
        self._end("Painted.", 100)

    def _fail(self, reason):
        self._end(reason, 0)

    def _end(self, line, share):
        shutil.rmtree(self._folder, ignore_errors=True)
        self._show_running(False)
        self.bar.setValue(share)
        self._say(line)

    def _show_running(self, is_running):
        self.paint_button.setEnabled(not is_running)
        self.cancel_button.setEnabled(is_running)
        # Without an end it moves, until there is a share to show.
        self.bar.setRange(0, 0 if is_running else 100)

    def _say(self, line):
        self.status.setText(line)
