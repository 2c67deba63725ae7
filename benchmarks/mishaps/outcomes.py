"""What came of one fault, as a line of JSON and as a row of the table."""

import dataclasses
import json
from pathlib import Path
from typing import Any


@dataclasses.dataclass
class Outcome:
    """What came of one fault.

    Attributes:
        kind: of the fault.
        work: that it met.
        moment: when, or which of several.
        line: what the user was told.
        lost: what had to be done again.
        problem: "" where all is as promised.
        difference: how far arrays lie apart from the unbroken run's.
    """

    kind: str
    work: str
    moment: str
    line: str = ""
    lost: str = "nothing"
    problem: str = ""
    difference: float = 0.0

    def __str__(self) -> str:
        said = f": {self.line}" if self.line else ""
        end = f" PROBLEM {self.problem}" if self.problem else ""
        return f"{self.kind}, {self.work}, {self.moment}{said}{end}"


class Ledger:
    """The outcomes of a campaign, in a file of JSON lines.

    Args:
        path: of the file; what it holds is not done again.
        seed: of the campaign.
    """

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self.seed = seed
        self.outcomes: list[Outcome] = []
        if path.is_file():
            for line in path.read_text("utf-8").splitlines():
                record = json.loads(line)
                if record.pop("seed") == seed:
                    self.outcomes.append(Outcome(**record))

    def __contains__(self, key: tuple[str, str, str]) -> bool:
        return any(
            (one.kind, one.work, one.moment.split(", ")[0]) == key
            for one in self.outcomes
        )

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        record: dict[str, Any] = {"seed": self.seed}
        record |= dataclasses.asdict(outcome)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
