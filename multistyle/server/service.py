"""The service: all that answers the page, from its start to its end."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from multistyle.errors import InputError
from multistyle.server.gate import Door, Gate
from multistyle.server.heap import trim_heap
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.limits import Limits
from multistyle.server.page_files import PageFiles
from multistyle.server.refusals import answer_error
from multistyle.server.routes import Routes
from multistyle.server.shelf import Shelf
from multistyle.server.visitors import Visitors

# Seconds between two looks at who is gone.
_SWEEP = 2.0
# Seconds without a job after which nobody is likely to want one soon.
_IDLE = 30.0
# Seconds in which the job that runs may end.
_END = 20.0


class Service:
    """Answers the page: its files, uploads and jobs.

    Args:
        shelf: the models that paint here.
        folder: for all that it writes; whoever makes it removes it.
        files: those of the page, see `PageFiles`.
        write_model: writes what the page needs to paint in the browser.
        limits: what visitors may ask for.
        door: which requests are its own.
        num_jobs: how many run at a time.
        max_memory: bytes of a painting, see `Stylizer.stylize`.

    Attributes:
        app: the ASGI application.
    """

    def __init__(
        self,
        shelf: Shelf,
        folder: Path,
        *,
        files: Mapping[str, Traversable],
        write_model: Callable[[Path], None],
        limits: Limits | None = None,
        door: Door | None = None,
        num_jobs: int = 1,
        max_memory: int | None = None,
    ) -> None:
        limits, door = limits or Limits(), door or Door()
        self._shelf = shelf
        self._queue = JobQueue(num_jobs)
        visitors_folder = folder / "visitors"
        visitors_folder.mkdir()
        self._visitors = Visitors(visitors_folder, limits, self._queue)
        self._files = PageFiles(files, folder / "browser", write_model, door)
        self._ending = asyncio.Event()
        self._deadline: float | None = None
        routes = Routes(
            shelf=shelf,
            limits=limits,
            door=door,
            queue=self._queue,
            visitors=self._visitors,
            ending=self._ending,
            max_memory=max_memory,
        )
        app = Starlette(
            routes=[
                *routes.all(),
                Route("/{path:path}", self._files.answer, methods=["GET"]),
            ],
            exception_handlers={
                InputError: _say_why,
                HTTPException: _say_what,
                Exception: _say_sorry,
            },
            lifespan=self._run,
        )
        # Outermost, so that what goes wrong inside has its headers, too.
        self.app = Gate(app, door)

    def begin_end(self, seconds: float) -> None:
        """Takes no more orders and files, and hands back what waits.

        Args:
            seconds: in which what runs may be finished, from the first call.
        """
        if self._deadline is None:
            self._deadline = time.monotonic() + seconds
            self._queue.close()

    def has_ended(self) -> bool:
        """Hands back what takes too long; whether all is finished and taken.

        A job that does not hear is left after a while.
        """
        assert self._deadline is not None
        left = self._deadline - time.monotonic()
        if self._queue.hand_back(left):
            return not self._visitors.await_files
        return left < -_END

    def end_streams(self) -> None:
        """Ends what would keep the server waiting for its visitors."""
        self._ending.set()

    @contextlib.asynccontextmanager
    async def _run(self, app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=self._files.make_model, daemon=True).start()
        sweeping = asyncio.create_task(self._sweep())
        with self._queue.noted_warnings():
            try:
                yield
            finally:
                sweeping.cancel()
                self.end_streams()
                self._visitors.end_jobs()
                await asyncio.to_thread(self._queue.stop, _END)

    async def _sweep(self) -> None:
        was_idle = True
        while True:
            await asyncio.sleep(_SWEEP)
            self._visitors.sweep()
            idle_seconds = self._queue.idle_seconds
            has_let_go = idle_seconds > _IDLE and self._shelf.rest()
            is_idle = idle_seconds > 0
            if has_let_go or (is_idle and not was_idle):
                await asyncio.to_thread(trim_heap)
            was_idle = is_idle


async def _say_why(request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    return answer_error(error)


async def _say_what(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    sentence = {
        404: f"There is nothing at `{request.url.path[:80]}`.",
        405: f"`{request.method}` is not for `{request.url.path[:80]}`.",
    }.get(status, str(getattr(error, "detail", error)))
    return JSONResponse({"error": sentence}, status)


async def _say_sorry(request: Request, error: Exception) -> Response:
    # What stands around the application prints it.
    return JSONResponse(
        {
            "error": f"Something went wrong on the server "
            f"({type(error).__name__}); whoever runs it finds the details "
            "where it was started."
        },
        500,
    )
