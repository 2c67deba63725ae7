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
from multistyle.server.jobs.efforts import Effort, Paces
from multistyle.server.sentences import to_sentence

# Seconds without a question after which nobody is there any more.
PATIENCE = 30.0
# Seconds in which a visitor takes what was made.
TAKING = 10.0
# Before it, the time that is left cannot be told by what is done.
_FIRST_SHARE = 0.02
# From it, what is done says more of it than what was foreseen.
_CERTAIN_SHARE = 0.25
# Seconds from which tenths of them do not matter.
_FEW = 10
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
            and then, which end it where it is cancelled. None once the job
            is over: it may hold photographs and masks.
        effort: how much work it is, or None.
        paces: of this server.
    """

    kind: str
    folder: Path
    work: "Callable[[Job], Result] | None"
    effort: Effort | None = None
    paces: Paces = field(default_factory=Paces)
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
    is_removed: bool = False
    is_taken: bool = False
    ended_at: float = 0.0
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

    @property
    def is_awaited(self) -> bool:
        """Whether it made a file that its visitor is about to take."""
        has_file = self.result is not None and self.result.path is not None
        is_new = time.monotonic() - self.ended_at < TAKING
        return (
            self.state == "done" and has_file and is_new and not self.is_taken
        )

    @property
    def seconds_left(self) -> float | None:
        """About how long it runs from now on, or None."""
        foreseen = None
        if self.effort is not None:
            foreseen = self.effort.seconds(self.paces)
        if self.state == "queued":
            return foreseen
        if self.state != "running":
            return None
        passed = time.monotonic() - self._begun_at
        is_told = self.share >= _FIRST_SHARE
        if foreseen is None:
            return passed * (1 / self.share - 1) if is_told else None
        total = max(foreseen, passed)
        if is_told:
            trust = min(1.0, self.share / _CERTAIN_SHARE)
            total += trust * (passed / self.share - total)
        return total - passed

    def take(self) -> None:
        """Notes that its visitor has the file."""
        self.is_taken = True

    def begin(self) -> None:
        """Counts its time from now on: what it paints by is loaded."""
        self._begun_at = time.monotonic()

    def check(self) -> None:
        """Raises Cancelled where nobody waits for it any more."""
        if self.has_ended:
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

    def give_up(self, sentence: str) -> None:
        """Ends it likewise, for a reason that its visitor is told."""
        if not self.has_ended:
            self.error = sentence
            self.state = "failed"

    def describe(
        self, place: int | None, wait: float | None = 0.0
    ) -> dict[str, Any]:
        """Returns what the visitor is told, for JSON.

        Args:
            place: in the queue, from 1; None where it does not wait.
            wait: seconds until its turn; None where they are not known.
        """
        left = self.seconds_left
        frames = self.frames and dict(
            zip(("done", "total"), self.frames, strict=True)
        )
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "place": place,
            "share": round(self.share, 4),
            "seconds_left": (
                None if left is None or wait is None else _round(left + wait)
            ),
            "frames": frames,
            "error": self.error,
            "notes": list(self.notes),
            "result": self.result and self.result.facts,
        }

    def start(self) -> None:
        """Notes that its turn has come, unless it was cancelled."""
        self.begin()
        if self.state == "queued":
            self.state = "running"

    def close(self) -> None:
        """Notes that it is over: nothing runs of it any more."""
        self.work = None
        self.is_over = True

    def run(self) -> None:
        """Does the work; what goes wrong becomes a sentence."""
        self.start()
        try:
            self.check()
            assert self.work is not None
            result = self.work(self)
            self.check()
        except Cancelled:
            return
        except (InputError, OSError) as error:
            self.give_up(to_sentence(error))
        except MemoryError:
            self.give_up(
                "There is not enough memory for that: choose a smaller size."
            )
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.give_up(
                f"Something went wrong on the server ({type(error).__name__}); "
                "whoever runs it finds the details where it was started."
            )
        else:
            self.share = 1.0
            self.ended_at = time.monotonic()
            self.result = result
            self.state = "done"
            if self.effort is not None:
                self.effort.learn(self.paces, self.ended_at - self._begun_at)


def _round(seconds):
    """Rounds what is told, so that it need not be told all the time."""
    return round(seconds, 1 if seconds < _FEW else 0)
