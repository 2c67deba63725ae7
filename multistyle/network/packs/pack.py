"""A pack: one style, and what it takes to add it to a network."""

from typing import NamedTuple

import numpy as np

from multistyle.network.rows import Rows


class FinisherRow(NamedTuple):
    """The same style of the narrow network that finishes for another.

    Attributes:
        fingerprint: of the finisher's shared weights.
        rows: dict layer name -> (gamma, beta), each float32 [1, C].

    Example:
        >>> pack = multistyle.read_pack("from_a_friend.safetensors")
        >>> pack.finisher is None  # It is of `paintings-fast`, which has none.
        True
    """

    fingerprint: str
    rows: Rows


class Pack(NamedTuple):
    """One style, and what it takes to add it to a network.

    Attributes:
        name: a style name.
        credit: dict, see `styles.CREDIT_FIELDS`; may be empty.
        fingerprint: of the shared weights that the rows belong to.
        rows: dict layer name -> (gamma, beta), each float32 [1, C].
        thumbnail: uint8 [h, w, 3], at most 96 px.
        finisher: a `FinisherRow`, or None where the pack has none.

    Example:
        >>> pack = multistyle.read_pack("from_a_friend.safetensors")
        >>> pack.name, pack.credit["artist"], pack.thumbnail.dtype
        ('udnie', 'Francis Picabia', dtype('uint8'))
    """

    name: str
    credit: dict[str, str]
    fingerprint: str
    rows: Rows
    thumbnail: np.ndarray
    finisher: FinisherRow | None = None

    def rows_for(self, fingerprint: str) -> Rows | None:
        """Returns the rows for some shared weights; None for all others."""
        if fingerprint == self.fingerprint:
            return self.rows
        if self.finisher and fingerprint == self.finisher.fingerprint:
            return self.finisher.rows
        return None
