"""The web server: when it answers, whom it waits for, and how it ends."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from multistyle.server.service import Service

# Seconds in which what runs may be finished, unless others are given: nobody
# who ends it by Ctrl-C waits for long.
GRACE = 5.0
# Seconds that open requests get at the very end.
_LAST_SECONDS = 3
# Seconds in which a request has told its headers.
_HEAD_SECONDS = 20.0


class WebServer(uvicorn.Server):
    """Tells when it answers, and lets be finished what runs when it ends.

    When the system asks it to end, it takes no more orders and answers all
    else, until what runs is finished, handed back, or the time is over. Asked
    again, it ends at once.

    Args:
        service: what answers.
        say_ready: called once it answers.
        grace: seconds in which what runs may be finished.
        port: see `uvicorn.Config`; no matter where sockets are given.
    """

    def __init__(
        self,
        service: Service,
        say_ready: Callable[[], None],
        *,
        grace: float = GRACE,
        port: int = 0,
    ) -> None:
        config = uvicorn.Config(
            service.app,
            port=port,
            http=_PatientProtocol,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
        super().__init__(config)
        self._service = service
        self._say_ready = say_ready
        self._grace = grace
        self._asked_by: int | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends cleanly when the terminal closes, too."""
        number = getattr(signal, "SIGHUP", None)  # Windows has none.
        with super().capture_signals():
            is_main = threading.current_thread() is threading.main_thread()
            if not (is_main and number):
                yield
                return
            before = signal.getsignal(number)
            if before != signal.SIG_IGN:  # As by `nohup`.
                signal.signal(number, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(number, before)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._asked_by is None:
            self._asked_by = sig
        else:
            self._exit(sig)

    async def on_tick(self, counter: int) -> bool:
        if self._asked_by is not None and not self.should_exit:
            self._service.begin_end(self._grace)
            if self._service.has_ended():
                self._exit(self._asked_by)
        return await super().on_tick(counter)

    def _exit(self, sig: Any) -> None:
        self._service.end_streams()
        super().handle_exit(sig, None)


class _PatientProtocol(H11Protocol):
    """Waits for the headers of a request, and not for ever."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _time_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_timer()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(
                _HEAD_SECONDS, self.transport.close
            )

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
