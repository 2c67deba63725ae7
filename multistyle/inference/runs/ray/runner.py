"""Ray Data as a runner: actors paint, on this machine or on a cluster."""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator

from multistyle.errors import InputError, OutputError
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.ray.session import (
    find_share,
    first_line,
    start_ray,
)
from multistyle.inference.runs.records import Outcome
from multistyle.inference.runs.work import Work


class RayRunner:
    """Paints works by actors of Ray Data; see `Runner`.

    Where the variable `RAY_ADDRESS` names a cluster, that paints; its machines
    see the files under the same paths. Otherwise Ray runs on this machine.
    An actor that dies is started again, and its work painted once more.

    Args:
        jobs: how many actors; None is one for each GPU, or for each two
            processors.
        uses_gpus: whether an actor gets a GPU where there is one.
    """

    def __init__(
        self, jobs: int | None = None, *, uses_gpus: bool = False
    ) -> None:
        self._jobs = jobs
        self._uses_gpus = uses_gpus

    def __call__(
        self,
        composition: Composition,
        works: Iterable[Work],
        note: Callable[[Outcome], None],
    ) -> Iterator[Outcome]:
        """See `Runner`; the works are all drawn at once.

        Raises:
            InputError: if Ray is missing, or too many actors die.
        """
        # An actor that died may have written its output.
        left = [work._replace(may_write=True) for work in works]
        if not left:
            return
        start_ray()
        share = find_share(self._jobs, self._uses_gpus)
        for number, *rest in _outcomes(composition, left, share):
            if number is None:
                raise _error(*rest)
            outcome = Outcome(left[number], *rest)
            note(outcome)
            yield outcome


def _outcomes(composition, works, share):
    """Yields what `PaintingActor` returns of each work, a list."""
    import ray
    import ray.data
    from ray.exceptions import RayError

    from multistyle.inference.runs.ray.actors import (
        PaintingActor,
        Tally,
        WorkSource,
    )

    num_actors = min(share.num_actors, len(works))
    tally = ray.remote(Tally).options(num_cpus=0).remote(num_actors)
    try:
        # What reads holds no processor, so that it never waits for one that
        # the actors hold.
        read = ray.data.read_datasource(WorkSource(works), num_cpus=0)
        painted = read.map_batches(
            PaintingActor,
            fn_constructor_args=(
                [ray.put(composition)],
                tally,
                os.getcwd(),
            ),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(
                size=num_actors,
                # What waits at an actor would be lost with it.
                max_tasks_in_flight_per_actor=1,
            ),
            num_cpus=share.num_cpus,
            num_gpus=share.num_gpus,
        )
        for row in painted.iter_rows():
            number, *rest = json.loads(row["outcome"])
            yield number, *rest
            tally.forget.remote(number)  # It is noted by now.
    except RayError as error:
        raise InputError(
            f"Ray has stopped: {first_line(error)} The same command goes on "
            "from there."
        ) from error
    finally:
        with contextlib.suppress(RayError):  # It is gone with the cluster.
            ray.kill(tally)


def _error(kind, text):
    """Returns the error that ends a run; see `PaintingActor`."""
    kinds = {"InputError": InputError, "OutputError": OutputError}
    return kinds.get(kind, RuntimeError)(text)
