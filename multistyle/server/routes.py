"""The requests of the page: what there is, uploads, jobs."""

import asyncio
import functools
import json
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from multistyle.errors import InputError
from multistyle.files.json_files import parse_json
from multistyle.server import uploads
from multistyle.server.fields import Fields
from multistyle.server.gate import API, Door
from multistyle.server.info import describe_server
from multistyle.server.jobs.job import Job
from multistyle.server.jobs.job_queue import JobQueue
from multistyle.server.limits import Limits
from multistyle.server.model_files import take_model
from multistyle.server.orders.kinds import KINDS
from multistyle.server.orders.order import Order
from multistyle.server.orders.pictures import estimate_picture
from multistyle.server.refusals import Refusal, answer_error
from multistyle.server.shelf import Shelf
from multistyle.server.uploads import Upload, patient
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
            self._route("estimate", self._estimate, "POST"),
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
        return JSONResponse(
            await run_in_threadpool(
                describe_server,
                self._shelf,
                self._limits,
                self._queue,
                visitor,
            )
        )

    async def _upload(self, request: Request, visitor: Visitor) -> Response:
        self._queue.check_open()
        limits = self._limits
        kind = uploads.check_kind(
            request.query_params.get("kind", "picture"), limits
        )
        # Of masks the oldest go by themselves.
        is_mask = kind == "mask"
        limits.check_uploads(
            visitor.num_arriving if is_mask else visitor.num_uploads
        )
        limits.check_bytes(int(request.headers.get("content-length", 0)))
        name = uploads.read_name(request.headers.get("x-file-name", ""))
        visitor.num_arriving += 1
        try:
            path = await uploads.receive(
                patient(request.stream()), visitor.folder, name, limits
            )
            upload, more = await self._look(kind, path, visitor)
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody reads it.
        finally:
            visitor.num_arriving -= 1
        visitor.uploads[upload.id] = upload
        if is_mask:
            await run_in_threadpool(visitor.forget_old_masks)
        return JSONResponse({**upload.describe(), **more}, 201)

    async def _look(
        self, kind: str, path: Path, visitor: Visitor
    ) -> tuple[Upload, dict[str, Any]]:
        """Looks a file through, and removes it where it is refused."""
        more: dict[str, Any] = {}
        try:
            async with self._looks:
                upload = await run_in_threadpool(
                    uploads.look_through, kind, path, self._limits
                )
                if kind == "model":
                    more = await run_in_threadpool(
                        take_model, self._shelf, visitor, upload
                    )
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        return upload, more

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
        self._queue.check_open()
        fields = Fields(await _read_json(request))
        kind = fields.choice("kind", tuple(KINDS))
        if kind == "preview":
            for other in list(visitor.jobs.values()):
                if other.kind == "preview":
                    self._queue.cancel(other)
        else:
            self._limits.check_jobs(visitor.num_jobs, self._queue.num_waiting)
        order = self._order(fields, visitor)
        work = await run_in_threadpool(KINDS[kind], order)
        folder = visitor.folder / secrets.token_hex(8)
        job = Job(
            kind=kind,
            folder=folder,
            work=work,
            effort=order.effort,
            paces=self._shelf.paces,
        )
        await run_in_threadpool(visitor.forget_old_jobs)
        if kind != "preview":  # Others may have come meanwhile.
            self._limits.check_jobs(visitor.num_jobs, self._queue.num_waiting)
        folder.mkdir()
        try:
            self._queue.add(job)
        except Refusal:
            folder.rmdir()
            raise
        visitor.jobs[job.id] = job
        return JSONResponse(self._queue.describe(job), 202)

    def _order(self, fields: Fields, visitor: Visitor) -> Order:
        return Order(
            fields=fields,
            visitor=visitor,
            shelf=self._shelf,
            limits=self._limits,
            max_memory=self._max_memory,
        )

    async def _estimate(self, request: Request, visitor: Visitor) -> Response:
        fields = Fields(await _read_json(request))
        order = self._order(fields, visitor)
        seconds = await run_in_threadpool(estimate_picture, order)
        wait = self._queue.wait()
        return JSONResponse(
            {
                "seconds": round(seconds, 1),
                "before": len(self._queue.before()),
                "wait": None if wait is None else round(wait, 1),
            }
        )

    async def _job(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        return JSONResponse(self._queue.describe(job))

    async def _remove_job(self, request: Request, visitor: Visitor) -> Response:
        job = visitor.job(request.path_params["id"])
        del visitor.jobs[job.id]
        await run_in_threadpool(self._queue.remove, job)
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
                # Before it is described: its end is always told.
                has_ended = job.has_ended
                state = self._queue.describe(job)
                if state != told or silence >= _SILENCE:
                    yield f"data: {json.dumps(state)}\n\n"
                    told, silence = state, 0.0
                if has_ended:
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
            path,
            media_type=job.result.type,
            filename=path.name,
            background=BackgroundTask(job.take),
        )


async def _read_json(request: Request) -> Any:
    data = b""
    async for chunk in patient(request.stream()):
        data += chunk
        if len(data) > _MOST_JSON:
            raise Refusal("The request is too long.", 413)
    try:
        return parse_json(data)
    except ValueError as error:
        raise Refusal(f"The request is not JSON: {error}.") from error
