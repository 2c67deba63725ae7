"""What a run was begun with: its options, and its paintings by content."""

import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from multistyle.errors import InputError, InputWarning
from multistyle.files.json_files import parse_json, write_json


class RunRecord:
    """The file options.json of a run folder: what the run was begun with.

    Args:
        path: of the file, which must be there.

    Attributes:
        facts: dict, all that the file holds.

    Raises:
        InputError: if the file holds no record of a training.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self._path = Path(path)
        try:
            self.facts = parse_json(self._path.read_text("utf-8"))
        except ValueError:
            self.facts = None
        if not isinstance(self.facts, dict) or not isinstance(
            self.facts.get("options"), dict
        ):
            raise InputError(
                f"`{self._path}` is damaged: it does not say with which "
                "options the training began. Give another --run_dir, or "
                "--overwrite to start anew."
            )

    @property
    def _data(self) -> dict:
        data = self.facts.get("data")
        return data if isinstance(data, dict) else {}

    def check_options(self, options: Mapping[str, object]) -> None:
        """Refuses a training with other options.

        Args:
            options: as `TrainingOptions.record` gives them.

        Raises:
            InputError: which names the differences.
        """
        before = self.facts["options"]
        self._refuse(
            "options",
            [
                f"{name} was {json.dumps(before.get(name))}, "
                f"now {json.dumps(value)}"
                for name, value in options.items()
                # An option that is younger than the run was not given then.
                if before.get(name) != value and (name in before or value)
            ],
        )

    def check_paintings(self, digests: Mapping[str, str]) -> None:
        """Refuses a training of other paintings, also under the same names.

        A run of a version that kept no digests is known by its style names.

        Args:
            digests: from style name to SHA-256 of the painting's file, in the
                order of the network's rows.

        Raises:
            InputError: which names the differences.
        """
        before = self._data.get("paintings")
        if not isinstance(before, dict):
            names = self._data.get("style_names", digests)
            before = {name: digests.get(name) for name in names}
        differences = [
            *(f"`{n}` is gone" for n in before if n not in digests),
            *(f"`{n}` is new" for n in digests if n not in before),
            *(
                f"`{name}` is another picture"
                for name, digest in digests.items()
                if before.get(name, digest) != digest
            ),
        ]
        if not differences and list(before) != list(digests):
            differences = [f"they come in the order {', '.join(before)}"]
        self._refuse("paintings", differences)

    def check_base(self, digest: str | None) -> None:
        """Refuses to add to a network whose file has changed.

        Args:
            digest: SHA-256 of the file of `add_to`; None without one.

        Raises:
            InputError: if another is recorded.
        """
        before = self._data.get("add_to")
        if before is not None and before != digest:
            self._refuse("networks", ["the file of `add_to` has changed"])

    def check_photographs(self, digest: str) -> None:
        """Warns, by an `InputWarning`, of other photographs.

        Args:
            digest: of those that are there.
        """
        if self._data.get("photographs", digest) != digest:
            warnings.warn(
                "The photographs are not those that the training in "
                f"`{self._path.parent}` began with; it goes on with those "
                "that are there.",
                InputWarning,
                stacklevel=2,
            )

    def add_digests(self, data: Mapping[str, object]) -> None:
        """Records the contents of the inputs, where the file lacks them.

        Args:
            data: dict for JSON, what the file holds under "data".
        """
        if set(data) - set(self._data):
            self.facts["data"] = {**data, **self._data}
            write_json(self._path, self.facts)

    def _refuse(self, kind: str, differences: list[str]) -> None:
        if differences:
            raise InputError(
                f"`{self._path.parent}` holds a training with other {kind}: "
                f"{'; '.join(differences)}. Give these again to go on, "
                "another --run_dir, or --overwrite to start anew."
            )
