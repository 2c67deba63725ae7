"""The shelf: models that paint here, loaded when they are first needed."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.inference.engines.engine import Engine
from multistyle.inference.engines.later_engine import LaterEngine
from multistyle.inference.engines.loading import load_engine
from multistyle.inference.stylizer import Stylizer
from multistyle.network.finishers import find_finisher
from multistyle.network.models import (
    DEFAULT_MODEL,
    FAST_MODEL,
    MODEL_FILE,
    bundled_models,
    find_model,
    load_network,
    model_card,
)
from multistyle.network.rows import split_layers
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint, fingerprint_kernels
from multistyle.server.jobs.efforts import Paces
from multistyle.server.jobs.paced_engine import PacedEngine
from multistyle.server.refusals import Refusal

# Models that are kept in memory.
_MOST_LOADED = 3


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model, and what is said of it.

    Attributes:
        kind: "bundled", "given" by whoever runs the server, or "uploaded".
        style_names, credits: see `TransformNetwork`.
        upload: id of the upload, or None.
    """

    name: str
    kind: str
    path: Path
    fingerprint: str
    width_multiplier: float
    style_names: tuple[str, ...]
    credits: dict[str, dict[str, str]]
    upload: str | None = None

    def describe(self) -> dict[str, Any]:
        """Returns what visitors are told, for JSON."""
        return {
            "name": self.name,
            "label": self.name,
            "kind": self.kind,
            "fingerprint": self.fingerprint,
            "width_multiplier": self.width_multiplier,
            "bytes": self.path.stat().st_size,
            "card": model_card(self.name) if self.kind == "bundled" else None,
            "upload": self.upload,
            "styles": [
                {
                    "name": name,
                    "title": credit.get("title"),
                    "artist": credit.get("artist"),
                    "year": credit.get("year"),
                    "license": credit.get("licence"),
                }
                for name in self.style_names
                for credit in [self.credits.get(name, {})]
            ],
        }


def read_model(
    path: Path, name: str, kind: str, upload: str | None = None
) -> Model:
    """Reads what a `.keras` file says of itself.

    Raises:
        InputError: if it holds no transform network.
    """
    try:
        weights = read_weights(path)
    except ValueError:  # A file of another layout, which only Keras reads.
        network = load_network(path)
        config, digits = network.get_config(), fingerprint(network)
    else:
        config = weights.config
        digits = fingerprint_kernels(layer.kernel for layer in weights.layers)
    return Model(
        name=name,
        kind=kind,
        path=path,
        fingerprint=digits,
        width_multiplier=config["width_multiplier"],
        style_names=tuple(config["style_names"]),
        credits=config.get("credits") or {},
        upload=upload,
    )


class Shelf:
    """The models of this server, for all visitors.

    Args:
        model: what `find_model` takes, of the model that paints unless a
            visitor chooses; None is the bundled one.
        engine, precision: see `load_engine`.

    Attributes:
        paces: how fast they paint, and what else takes how long.

    Raises:
        InputError: if there is no such model.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        engine: str = "auto",
        precision: str = "auto",
    ) -> None:
        bundled = bundled_models()
        self._paths = {
            name: (file, "bundled") for name, file in bundled.items()
        }
        path = find_model(model or DEFAULT_MODEL)
        if path in bundled.values():
            self.default = path.stem
        else:
            name = path.parent.name if path.name == MODEL_FILE else path.stem
            self.default = f"{name}_given" if name in bundled else name
            self._paths[self.default] = (path, "given")
        self._load = functools.partial(
            load_engine, engine=engine, precision=precision
        )
        self._engines: OrderedDict[Path, Engine] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self.paces = Paces()

    @functools.cached_property
    def models(self) -> dict[str, Model]:
        """The models by name; the default one is first."""
        found = {
            name: read_model(path, name, kind)
            for name, (path, kind) in self._paths.items()
        }
        return dict(
            sorted(found.items(), key=lambda pair: pair[0] != self.default)
        )

    @functools.cached_property
    def browser_model(self) -> Model:
        """What paints in the browser, in styles of the same names.

        It is what finishes for the default model, or that itself.
        """
        default = self.models[self.default]
        finisher = find_finisher(default.path)
        for model in self.models.values():
            if model.path == finisher:
                return model
        path = finisher or default.path
        try:
            read_weights(path)
        except ValueError:  # Which only Keras reads.
            return self.models[FAST_MODEL]
        if finisher is None:
            return default
        return read_model(path, path.stem, "given")

    def engine(self, path: Path) -> Engine:
        """Returns a model's engine, loaded when it is first asked for."""
        with self._lock:
            if path not in self._engines:
                self._engines[path] = self._load(path)
            self._engines.move_to_end(path)
            while len(self._engines) > _MOST_LOADED:
                self._engines.popitem(last=False)
            return self._engines[path]

    def forget(self, path: Path) -> None:
        """Lets an engine go, whose model is no longer there."""
        with self._lock:
            self._engines.pop(path, None)

    def rest(self) -> bool:
        """Lets all engines go; whether there were any.

        They hold as much memory as the largest picture took, and are loaded
        again within a second.
        """
        with self._lock:
            were_there = bool(self._engines)
            self._engines.clear()
            return were_there

    def stylizer(
        self,
        model: Model,
        rows: dict[str, dict[str, np.ndarray]],
        check: Callable[[], None],
        painted: Collection[str] = (),
    ) -> Stylizer:
        """Returns what paints in a model's styles, and in a visitor's own.

        Args:
            model: one of these, or a visitor's.
            rows: see `Visitor`.
            check: see `PacedEngine`.
            painted: fingerprints of the networks that will paint, whose pace
                is to be known.
        """
        engine = grow(self.engine(model.path), rows)
        paced = PacedEngine(engine, check, self.paces, self._turn)
        paced.try_out(painted)
        return Stylizer(engine=paced)

    def finisher_fingerprint(self, model: Model) -> str | None:
        """Returns that of what paints a model's finer levels, if anything."""
        path = find_finisher(model.path)
        if path is None:
            return None
        for other in self.models.values():
            if other.path == path:
                return other.fingerprint
        return read_model(path, path.stem, "given").fingerprint


def grow(engine: Engine, rows: dict[str, dict[str, np.ndarray]]) -> Engine:
    """Returns an engine, and its finisher, with a visitor's own styles."""
    own = rows.get(engine.fingerprint, {})
    new = {n: row for n, row in own.items() if n not in engine.style_names}
    finisher = engine.finisher
    if not new:
        return engine
    filters = [gamma.shape[1] for gamma, _ in engine.rows.values()]
    gamma, beta = np.stack(list(new.values()), axis=1)
    grown = engine.with_styles(list(new), split_layers(gamma, beta, filters))
    if finisher is None:
        return grown
    return grown.with_finisher(LaterEngine(lambda: grow(finisher, rows)))


def learned_styles(
    rows: dict[str, dict[str, np.ndarray]], models: Iterable[Model]
) -> list[tuple[str, list[str]]]:
    """Returns the names of a visitor's own styles, each with its models."""
    names = {name: None for own in rows.values() for name in own}
    return [
        (
            name,
            [m.name for m in models if name in rows.get(m.fingerprint, {})],
        )
        for name in names
    ]


def check_new_name(name: str, models: Iterable[Model]) -> None:
    """Refuses a style's name that a model has."""
    for model in models:
        if name in model.style_names:
            raise Refusal(
                f"The model `{model.name}` has a style `{name}` already: give "
                "the painting another name."
            )
