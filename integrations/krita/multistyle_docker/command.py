"""The command `multistyle`: how it is called, and what it says meanwhile."""

import re

from PyQt5.QtCore import (
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    pyqtSignal,
)

# After it, what does not end by itself is ended.
_PATIENCE_MS = 5000
_SHARE = re.compile(r"(\d+)%")


class Command(QObject):
    """Runs one call at a time, beside Krita.

    Signals:
        progressed: (share of 100, line), now and then.
        succeeded: what it printed.
        failed: one sentence.
    """

    progressed = pyqtSignal(int, str)
    succeeded = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name in ("PYTHONHOME", "PYTHONPATH"):  # Of Krita's own Python.
            environment.remove(name)
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardError.connect(self._read)
        self._process.errorOccurred.connect(self._stumble)
        self._process.finished.connect(self._finish)
        self._is_cancelled = False
        self._lines = []

    def is_running(self):
        return self._process.state() != QProcess.NotRunning

    def start(self, program, arguments):
        """Starts a call; `program` is a name on the path, or a whole path."""
        self._is_cancelled = False
        self._lines = []
        self._process.start(program, arguments)

    def cancel(self):
        """Asks it to end, and ends it where it does not."""
        if self.is_running():
            self._is_cancelled = True
            self._process.terminate()
            QTimer.singleShot(_PATIENCE_MS, self._kill)

    def _kill(self):
        if self._is_cancelled and self.is_running():
            self._process.kill()

    def _read(self):
        text = bytes(self._process.readAllStandardError()).decode(
            "utf-8", "replace"
        )
        for line in filter(None, map(str.strip, text.splitlines())):
            self._lines.append(line)
            found = _SHARE.search(line)
            self.progressed.emit(int(found[1]) if found else 0, line)

    def _stumble(self, error):
        if error == QProcess.FailedToStart:
            self.failed.emit(
                f"`{self._process.program()}` is not found: install "
                "multistyle, or write the whole path of its command below."
            )

    def _finish(self, code, status):
        self._read()
        if self._is_cancelled:
            self.failed.emit("Cancelled.")
        elif code or status != QProcess.NormalExit:
            last = self._lines[-1] if self._lines else "multistyle ended."
            self.failed.emit(last)
        else:
            output = bytes(self._process.readAllStandardOutput())
            self.succeeded.emit(output.decode("utf-8", "replace"))
