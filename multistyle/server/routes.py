"""The requests of the page: what there is, uploads, jobs."""

import asyncio
import functools
import json
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

import multistyle
from multistyle.errors import InputError
from multistyle.server import uploads
from multistyle.server.fields import Fields
from multistyle.server.gate import API, Door
from multistyle.server.job_queue import JobQueue
from multistyle.server.jobs import Job
from multistyle.server.limits import Limits
from multistyle.server.model_files import take_model
from multistyle.server.orders.kinds import KINDS, can_paint_films
from multistyle.server.orders.lessons import row_numbers
from multistyle.server.orders.order import Order
from multistyle.server.refusals import Refusal, answer_error
from multistyle.server.shelf import Shelf, learned_styles
from multistyle.server.visitors import Visitor, Visitors

_MOST_JSON = 1_000_000
# Seconds between two looks at a job, and the longest silence of a stream.
_LOOK, _SILENCE = 0.2, 10.0
# Files that are looked through at a time.
_MOST_LOOKS = 2
_Answer = Callable[[Request, Visitor], Awaitable[Response]]


class Routes:
    """Answers what the page asks for under `api/`.

    Args:
        shelf, limits, door, queue, visitors, max_memory: see `Service`.
        ending: set when the server ends, so that streams do.
    """

    def __init__(
        self,
        *,
        shelf: Shelf,
        limits: Limits,
        door: Door,
        queue: JobQueue,
        visitors: Visitors,
        ending: asyncio.Event,
        max_memory: int | None,
    ) -> None:
        self._shelf = shelf
        self._limits = limits
        self._door = door
        self._queue = queue
        self._visitors = visitors
        self._ending = ending
        self._max_memory = max_memory
        self._looks = asyncio.Semaphore(_MOST_LOOKS)

    def all(self) -> list[Route]:
        """Returns the routes."""
        return [
            self._route("info", self._info),
            self._route("uploads", self._upload, "POST"),
            self._route("uploads/{id}", self._remove_upload, "DELETE"),
            self._route("jobs", self._add_job, "POST"),
            self._route("jobs/{id}", self._job),
            self._route("jobs/{id}", self._remove_job, "DELETE"),
            self._route("jobs/{id}/events", self._events),
            self._route("jobs/{id}/result", self._result),
        ]

    def _route(self, path: str, answer: _Answer, method: str = "GET") -> Route:
        @functools.wraps(answer)
        async def endpoint(request: Request) -> Response:
            known = self._door.read_cookie("visitor", request.headers)
            visitor = self._visitors.greet(known)
            try:
                response = await answer(request, visitor)
            except InputError as error:
                response = answer_error(error)
            response.headers["Cache-Control"] = "no-store"
            if visitor.secret != known:
                cookie = self._door.cookie("visitor", visitor.secret)
                response.headers.append("Set-Cookie", cookie)
            return response

        return Route(API + path, endpoint, methods=[method])

    async def _info(self, request: Request, visitor: Visitor) -> Response:
        return JSONResponse(await run_in_threadpool(self._describe, visitor))

    def _describe(self, visitor: Visitor) -> dict[str, Any]:
        # Copies: a request of the same visitor may come meanwhile.
        models = [*self._shelf.models.values(), *list(visitor.models.values())]
        browser = self._shelf.browser_model
        own = visitor.rows.get(browser.fingerprint, {})
        limits = self._limits
        return {
            "version": multistyle.__version__,
            "model": self._shelf.default,
            "browser_model": browser.name,
            "models": [model.describe() for model in models],
            "learned": [
                {
                    "name": name,
                    "models": known,
                    "row": row_numbers(own.get(name)),
                }
                for name, known in learned_styles(visitor.rows, models)
            ],
            "uploads": [
                each.describe() for each in list(visitor.uploads.values())
            ],
            "jobs": [
                job.describe(self._queue.place(job))
                for job in list(visitor.jobs.values())
            ],
            "limits": {
                "pixels": limits.pixels,
                "upload_bytes": limits.upload_bytes,
                "film_seconds": limits.film_seconds,
                "uploads": limits.uploads,
                "jobs": limits.jobs,
            },
            "allowed": sorted(limits.allowed),
            "video": can_paint_films(),
        }

    async def _upload(self, request: Request, visitor: Visitor) -> Response:
        limits = self._limits
        kind = uploads.check_kind(
            request.query_params.get("kind", "picture"), limits
        )
        self._check_room(kind, visitor)
        limits.check_bytes(int(request.headers.get("content-length", 0)))
        name = uploads.read_name(request.headers.get("x-file-name", ""))
        try:
            path = await uploads.receive(
                request.stream(), visitor.folder, name, limits
            )
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody reads it.
        try:
            async with self._looks:
                upload = await run_in_threadpool(
                    uploads.look_through, kind, path, limits
                )
                more = {}
                if kind == "model":
                    more = await run_in_threadpool(
                        take_model, self._shelf, visitor, upload
                    )
            self._check_room(kind, visitor)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        visitor.uploads[upload.id] = upload
        if kind == "mask":
            await run_in_threadpool(visitor.forget_old_masks)
        return JSONResponse({**upload.describe(), **more}, 201)

    def _check_room(self, kind: str, visitor: Visitor) -> None:
        if kind != "mask":  # Of which the oldest go by themselves.
            self._limits.check_uploads(visitor.num_uploads)

    async def _remove_upload(
        self, request: Request, visitor: Visitor
    ) -> Response:
        upload = visitor.upload(request.path_params["id"])
        del visitor.uploads[upload.id]
        for model in list(visitor.models.values()):
            if model.upload == upload.id:
                del visitor.models[model.name]
                self._shelf.forget(model.path)
        await run_in_threadpool(upload.remove)
        return Response(status_code=204)

    async def _add_job(self, request: Request, visitor: Visitor) -> Response:
        fields = Fields(await _read_json(request))
        kind = fields.choice("kind", tuple(KINDS))
        if kind == "preview":
            for other in visitor.jobs.values():
                if other.kind == "preview":
                    self._queue.cancel(other)
        else:
            self._limits.check_jobs(visitor.num_jobs, self._queue.num_waiting)
        order = Order(
            fields=fields,
            visitor=visitor,
            shelf=self._shelf,
            limits=self._limits,
            max_memory=self._max_memory,
        )
        work = await run_in_threadpool(KINDS[kind], order)
        folder = visitor.folder / secrets.token_hex(8)
        folder.mkdir()
        job = Job(kind=kind, folder=folder, work=work)
        await run_in_threadpool(visitor.forget_old_jobs)
        visitor.jobs[job.id] = job
        self._queue.add(job)
        return JSONResponse(job.describe(self._queue.place(job)), 202)

    async def _job(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        return JSONResponse(job.describe(self._queue.place(job)))

    async def _remove_job(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        self._queue.cancel(job)
        del visitor.jobs[job.id]
        if job.is_over:
            await run_in_threadpool(
                shutil.rmtree, job.folder, ignore_errors=True
            )
        return Response(status_code=204)

    async def _events(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        return StreamingResponse(
            self._stream(job),
            media_type="text/event-stream",
            # Else what stands before the server may keep them back.
            headers={"X-Accel-Buffering": "no"},
        )

    async def _stream(self, job: Job) -> AsyncIterator[str]:
        told, silence = None, 0.0
        job.streams += 1
        try:
            while not self._ending.is_set():
                state = job.describe(self._queue.place(job))
                if state != told or silence >= _SILENCE:
                    yield f"data: {json.dumps(state)}\n\n"
                    told, silence = state, 0.0
                if job.has_ended:
                    return
                await asyncio.sleep(_LOOK)
                silence += _LOOK
        finally:
            job.streams -= 1
            job.touch()

    async def _result(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        if job.result is None or job.result.path is None:
            raise Refusal("There is no file of this job, or not yet.", 409)
        path = job.result.path
        return FileResponse(
            path, media_type=job.result.type, filename=path.name
        )


async def _read_json(request: Request) -> Any:
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MOST_JSON:
            raise Refusal("The request is too long.", 413)
    try:
        return json.loads(data)
    except (RecursionError, ValueError) as error:
        raise Refusal(f"The request is not JSON: {error}.") from error
