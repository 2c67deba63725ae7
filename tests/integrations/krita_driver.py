"""A plug-in that works the docker inside Krita, as a hand would.

It is laid beside the docker by `test_krita.py`, which tells it by environment
variables what to open and where to write what it finds.
"""

import json
import os
import traceback
from pathlib import Path

from krita import Extension, Krita, Selection
from multistyle_docker.layers import add_layer, write_layer
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication

FOLDER = Path(os.environ["MULTISTYLE_KRITA_FOLDER"])
SOURCE = os.environ["MULTISTYLE_KRITA_PICTURE"]
STEP_MS = 200
# A profile whose numbers are other than those of sRGB.
WIDE = "WideRGB-elle-V2-g22.icc"


class Driver(Extension):
    """Runs the steps of a visit one after the other, in Krita's event loop."""

    def setup(self):
        self.found = {}
        self.steps = self.visit()
        QTimer.singleShot(3000, self.go_on)

    def createActions(self, window):
        """Krita's call for each window; there is no action."""

    def go_on(self):
        try:
            next(self.steps)
        except StopIteration:
            self.end()
        except Exception:
            self.found["error"] = traceback.format_exc()
            self.end()
        else:
            QTimer.singleShot(STEP_MS, self.go_on)

    def end(self):
        (FOLDER / "found.json").write_text(json.dumps(self.found))
        QApplication.instance().quit()
        os._exit(0)  # Krita 5.1 waits for a question about saving.

    def visit(self):
        krita = Krita.instance()
        window = krita.activeWindow()
        window.qwindow().setGeometry(0, 0, 1280, 800)
        dockers = {d.objectName(): d for d in krita.dockers()}
        for name, other in dockers.items():
            if name not in ("multistyle", "KisLayerBox"):
                other.hide()
        docker = dockers["multistyle"]
        docker.show()
        docker.raise_()
        yield from self.wait(docker)
        # Only now: Krita 5.1 may lock itself where a window changes its size
        # while a picture is drawn for the first time.
        document = krita.openDocument(SOURCE)
        document.waitForDone()
        window.addView(document)
        yield
        document.waitForDone()
        yield from self.wait(docker)
        self.found["models"] = [
            docker.models.itemText(i) for i in range(docker.models.count())
        ]
        docker.models.setCurrentText("paintings-fast")
        docker.paint()
        self.found["without_style"] = docker.status.text()
        docker.sliders.set_weight("starry_night", 70)
        docker.sliders.set_weight("great_wave", 30)
        self.found["blend"] = docker.sliders.blend()

        docker.paint()
        self.found["can_cancel"] = docker.cancel_button.isEnabled()
        docker.cancel()
        yield from self.wait(docker)
        self.found["cancelled"] = docker.status.text()
        self.found["layers_after_cancel"] = len(document.topLevelNodes())

        lines = self.found["said"] = []
        docker._painting.progressed.connect(
            lambda share, line: lines.append(line)
        )
        photograph = document.activeNode()
        docker.paint()
        yield from self.wait(docker)
        self.found["painted"] = docker.status.text()
        self.found["layers"] = [n.name() for n in document.topLevelNodes()]
        document.refreshProjection()
        document.waitForDone()
        yield
        write_layer(document, str(FOLDER / "painted.png"))
        yield
        QApplication.processEvents()
        window.qwindow().grab().save(str(FOLDER / "screenshot.png"))

        half = Selection()
        half.select(0, 0, document.width() // 2, document.height(), 255)
        document.setSelection(half)
        document.setActiveNode(photograph)
        docker.sliders.set_weight("starry_night", 0)
        docker.paint()
        docker.sliders.set_weight("great_wave", 60)  # Of the next painting.
        yield from self.wait(docker)
        self.found["last_layers"] = [n.name() for n in document.topLevelNodes()]
        document.waitForDone()
        yield
        write_layer(document, str(FOLDER / "half.png"))
        self.found["half"] = docker.status.text()

        document.setActiveNode(photograph)
        document.setColorSpace("RGBA", "U8", WIDE)
        document.waitForDone()
        yield
        self.found["profile"] = photograph.colorProfile()
        write_layer(document, str(FOLDER / "wide.png"))
        self.found["profile_after"] = photograph.colorProfile()
        add_layer(document, str(FOLDER / "half.png"), "added")
        document.waitForDone()
        yield
        write_layer(document, str(FOLDER / "added.png"))

        docker.program.setText("/no/such/multistyle")
        docker.paint()
        yield from self.wait(docker)
        self.found["no_command"] = docker.status.text()

    def wait(self, docker):
        yield
        while docker.is_busy():
            yield


Krita.instance().addExtension(Driver(Krita.instance()))
