"""Rows: what a network holds of each style, and its convolutions do not."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from multistyle.errors import InputError
from multistyle.network.architecture import LAYER_NAMES

# By layer name, in the order of the pass: gamma and beta, each float32 [M, C],
# a row a style.
Rows = dict[str, tuple[np.ndarray, np.ndarray]]

_TABLES = ("gamma", "beta")


def join_rows(first: Rows, second: Rows) -> Rows:
    """Sets the rows of some styles after those of others.

    Args:
        first, second: of the same layers, K and M rows a table.

    Returns:
        `Rows` with K + M rows a table.
    """
    return {
        layer: (
            np.concatenate([gamma, second[layer][0]]),
            np.concatenate([beta, second[layer][1]]),
        )
        for layer, (gamma, beta) in first.items()
    }


def join_layers(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Sets the channels of all layers side by side.

    Returns:
        The gammas and the betas, each float32 [M, R], where R is the sum of
        the layers' channels.
    """
    gammas, betas = zip(*rows.values(), strict=True)
    return np.concatenate(gammas, axis=1), np.concatenate(betas, axis=1)


def split_layers(
    gamma: np.ndarray, beta: np.ndarray, filters: Sequence[int]
) -> Rows:
    """Takes the layers apart that `join_layers` set side by side.

    Args:
        gamma, beta: float32 [M, R].
        filters: channels of each layer, in the order of the pass.
    """
    ends = np.cumsum(filters)[:-1]
    pairs = zip(
        np.split(gamma, ends, axis=1), np.split(beta, ends, axis=1), strict=True
    )
    return dict(zip(LAYER_NAMES, pairs, strict=True))


def flatten_row(row: Rows) -> np.ndarray:
    """Returns the gammas and the betas of one style, float32 [2, R].

    It is one array, where `Rows` are two of each layer.
    """
    return np.concatenate(join_layers(row))


def single_rows(rows: Rows) -> Iterator[Rows]:
    """Yields the row of each style, in order."""
    (count, *_) = (len(gamma) for gamma, _ in rows.values())
    for i in range(count):
        yield {
            layer: (gamma[i : i + 1], beta[i : i + 1])
            for layer, (gamma, beta) in rows.items()
        }


def mean_row(rows: Rows) -> Rows:
    """Returns the mean of some styles, one row a table: a style of its own."""
    return {
        layer: (gamma.mean(0, keepdims=True), beta.mean(0, keepdims=True))
        for layer, (gamma, beta) in rows.items()
    }


def round_rows(rows: Rows) -> Rows:
    """Rounds each number to one that float16 has; they stay float32."""
    return {
        layer: (
            gamma.astype(np.float16).astype(np.float32),
            beta.astype(np.float16).astype(np.float32),
        )
        for layer, (gamma, beta) in rows.items()
    }


def digest_rows(rows: Rows) -> str:
    """Returns SHA-256 of the numbers of some styles, 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for table in join_layers(rows):
        digest.update(table.astype("<f4").tobytes())
    return digest.hexdigest()


def name_tables(rows: Rows) -> dict[str, np.ndarray]:
    """Names the arrays of one style's rows, for a file.

    Args:
        rows: one row a table.

    Returns:
        Dict `LAYER/gamma` and `LAYER/beta` -> float32 [C].
    """
    return {
        f"{layer}/{table}": np.ascontiguousarray(row[0])
        for layer, pair in rows.items()
        for table, row in zip(_TABLES, pair, strict=True)
    }


def pair_tables(arrays: dict[str, np.ndarray]) -> Rows:
    """Reads what `name_tables` returned; it may come from anyone.

    Raises:
        InputError: if a name is none of a table, a table is missing, or the
            two of a layer differ in length.
    """
    tables: dict[str, dict[str, np.ndarray]] = {}
    for key, array in arrays.items():
        layer, _, table = key.rpartition("/")
        if table not in _TABLES:
            raise InputError(f"`{key}` is no row of a layer")
        tables.setdefault(layer, {})[table] = array[None]
    rows = {}
    for layer, found in tables.items():
        for table in _TABLES:
            if table not in found:
                raise InputError(f"it lacks `{layer}/{table}`")
        gamma, beta = (found[table] for table in _TABLES)
        if gamma.shape != beta.shape:
            raise InputError(
                f"`{layer}` has {gamma.size} numbers of gamma and {beta.size} "
                "of beta"
            )
        rows[layer] = (gamma, beta)
    return rows
