"""Jobs: what visitors asked for, and how far each is."""

import secrets
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.server.sentences import to_sentence

# Seconds without a question after which nobody is there any more.
PATIENCE = 30.0
# Before it, the time that is left cannot be told.
_FIRST_SHARE = 0.02
_ENDS = ("done", "failed", "cancelled")


class Cancelled(BaseException):
    """Ends a job whose visitor does not want it any more."""


@dataclass(kw_only=True)
class Result:
    """What a job made.

    Attributes:
        facts: for JSON, what the visitor is told.
        path: of the file, or None.
        type: of the file, such as "image/png".
    """

    facts: dict[str, Any]
    path: Path | None = None
    type: str = ""

    @classmethod
    def of_file(
        cls,
        path: Path,
        type: str,
        size: tuple[int, int],
        seconds: float | None = None,
    ) -> "Result":
        """Describes a file that was written.

        Args:
            path: of the file.
            type: see above.
            size: (height, width) of its pictures, in pixels.
            seconds: of a film.
        """
        height, width = size
        facts = {
            "name": path.name,
            "type": type,
            "bytes": path.stat().st_size,
            "width": width,
            "height": height,
            "seconds": seconds,
        }
        return cls(facts=facts, path=path, type=type)


@dataclass(kw_only=True, eq=False)
class Job:
    """One wish of a visitor.

    Attributes:
        kind: such as "picture".
        folder: for what it writes.
        work: makes the result; it calls `progress`, `count` or `check` now
            and then, which end it where it is cancelled.
    """

    kind: str
    folder: Path
    work: "Callable[[Job], Result]"
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: str = "queued"
    share: float = 0.0
    frames: tuple[int, int | None] | None = None
    error: str | None = None
    notes: list[str] = field(default_factory=list)
    result: Result | None = None
    streams: int = 0
    asked_at: float = field(default_factory=time.monotonic)
    is_over: bool = False
    _begun_at: float = 0.0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in _ENDS

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody asks how far it is any more."""
        is_alone = not self.streams and not self.has_ended
        return is_alone and time.monotonic() - self.asked_at > PATIENCE

    def touch(self) -> None:
        """Notes that somebody asks how far it is."""
        self.asked_at = time.monotonic()

    def check(self) -> None:
        """Raises Cancelled where the visitor does not want it any more."""
        if self.state == "cancelled":
            raise Cancelled

    def progress(self, share: float) -> None:
        """Tells how far it is, in [0, 1]."""
        self.check()
        self.share = min(1.0, max(0.0, float(share)))

    def count(self, done: int, total: int | None) -> None:
        """Tells how many frames are done, of how many, where that is known."""
        self.frames = (done, total)
        self.progress(done / total if total else 0)

    def note(self, line: str) -> None:
        """Adds a sentence for the visitor."""
        sentence = to_sentence(line)
        if sentence not in self.notes:
            self.notes.append(sentence)

    def cancel(self) -> None:
        """Ends it: at once where it waits, else as soon as it asks."""
        if not self.has_ended:
            self.state = "cancelled"

    def describe(self, place: int | None) -> dict[str, Any]:
        """Returns what the visitor is told, for JSON.

        Args:
            place: in the queue, from 1; None where it does not wait.
        """
        frames = self.frames and dict(
            zip(("done", "total"), self.frames, strict=True)
        )
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "place": place,
            "share": round(self.share, 4),
            "seconds_left": self._seconds_left(),
            "frames": frames,
            "error": self.error,
            "notes": list(self.notes),
            "result": self.result and self.result.facts,
        }

    def run(self) -> None:
        """Does the work; what goes wrong becomes a sentence."""
        self._begun_at = time.monotonic()
        self.state = "running"
        try:
            result = self.work(self)
            self.check()
        except Cancelled:
            return
        except (InputError, OSError) as error:
            self._fail(to_sentence(error))
        except MemoryError:
            self._fail(
                "There is not enough memory for that: choose a smaller size."
            )
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._fail(
                f"Something went wrong on the server ({type(error).__name__}); "
                "whoever runs it finds the details where it was started."
            )
        else:
            self.share = 1.0
            self.result = result
            self.state = "done"

    def _fail(self, sentence):
        if self.state != "cancelled":
            self.error = sentence
            self.state = "failed"

    def _seconds_left(self):
        if self.state != "running" or self.share < _FIRST_SHARE:
            return None
        passed = time.monotonic() - self._begun_at
        return round(passed * (1 / self.share - 1), 1)
