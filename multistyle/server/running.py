"""Running: a port, the printed address, the browser, and a clean end."""

import contextlib
import dataclasses
import ipaddress
import os
import secrets
import socket
import struct
import sys
import tempfile
import threading
import urllib.parse
import webbrowser
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.temporaries import temporary_folder
from multistyle.server.gate import Door
from multistyle.server.heap import keep_one_heap
from multistyle.server.limits import PERMISSIONS, Limits
from multistyle.server.service import Service
from multistyle.server.shelf import Shelf
from multistyle.server.web_server import GRACE, WebServer

DEFAULT_PORT = 8420
# Ports that are tried after it, where none is asked for.
_TRIES = 20
# Linux' SIOCGIFADDR.
_GET_ADDRESS = 0x8915


def serve(
    shelf: Shelf,
    *,
    files: Mapping[str, Traversable],
    write_model: Callable[[Path], None],
    host: str = "127.0.0.1",
    port: int | None = None,
    address: str | None = None,
    limits: Limits | None = None,
    allowed: frozenset[str] | None = None,
    num_jobs: int = 1,
    max_memory: int | None = None,
    grace: float = GRACE,
    opens_browser: bool = True,
    show: Callable[[list[str]], None] = print,
) -> None:
    """Serves the page until the process is asked to end.

    Args:
        shelf: the models that paint here.
        files, write_model: see `PageFiles`.
        host: the address to listen at; "0.0.0.0" is every one of this
            machine.
        port: None is 8420, or the next that is free; 0 is any.
        address: under which visitors come where another program stands
            before this one, such as "https://paint.example.org".
        limits: what visitors may ask for; None is the usual ones.
        allowed: those of `PERMISSIONS` that visitors have; None is all, or
            none where others than this machine's users may come.
        num_jobs, max_memory: see `Service`.
        grace: seconds in which what runs may be finished when the process is
            asked to end.
        opens_browser: whether to show the page.
        show: told the addresses of the page, once it answers.

    Raises:
        InputError: if the port cannot be used, or the address is none.
    """
    keep_one_heap()
    outer = _read_address(address)
    is_local = _is_loopback(host) and (
        outer is None or _is_loopback(outer.hostname or "")
    )
    if allowed is None:
        allowed = frozenset(PERMISSIONS if is_local else ())
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_listen(host, port))
        own_port = listener.getsockname()[1]
        token = None if is_local else secrets.token_urlsafe(16)
        door = Door(
            names=_names(host, is_local, outer),
            takes_addresses=not is_local,
            token=token,
            port=own_port,
            is_secure=outer is not None and outer.scheme == "https",
        )
        folder = stack.enter_context(
            temporary_folder(Path(tempfile.gettempdir()), "app")
        )
        folder.chmod(0o700)
        service = Service(
            shelf,
            folder,
            files=files,
            write_model=write_model,
            limits=dataclasses.replace(limits or Limits(), allowed=allowed),
            door=door,
            num_jobs=num_jobs,
            max_memory=max_memory,
        )
        suffix = "/" if token is None else f"/?token={token}"

        def say_ready() -> None:
            bases = _addresses(host, own_port, address)
            show([base.rstrip("/") + suffix for base in bases])
            if opens_browser:
                _open_browser(f"http://localhost:{own_port}{suffix}")

        WebServer(service, say_ready, grace=grace).run([listener])


def _read_address(address: str | None) -> urllib.parse.SplitResult | None:
    if address is None:
        return None
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"`--address` is as `https://paint.example.org`; got `{address}`."
        )
    return parts


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    asked = [port]
    if port is None:
        asked = [*range(DEFAULT_PORT, DEFAULT_PORT + _TRIES), 0]
    for one in asked:
        try:
            return socket.create_server((host, one), family=family)
        except OSError as error:
            if one == asked[-1]:
                raise InputError(
                    f"`{host}`, port `{one}`, cannot be listened at: "
                    f"{error.strerror}. Give another --host or --port."
                ) from error
    raise AssertionError  # The last one returned, or raised.


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _names(
    host: str, is_local: bool, outer: urllib.parse.SplitResult | None
) -> frozenset[str]:
    """Returns the names of hosts that mean this server."""
    names = {"localhost"}
    if not is_local:
        own = socket.gethostname().lower()
        names |= {host.lower(), own, f"{own}.local"}
    if outer is not None:
        names.add((outer.hostname or "").lower())
    return frozenset(names)


def _addresses(host: str, port: int, address: str | None) -> list[str]:
    """Returns the addresses by which visitors come, without looking any up."""
    if address is not None:
        return [address]
    if _is_loopback(host):
        return [f"http://localhost:{port}"]
    # It is asked about, not bound.
    if host not in ("0.0.0.0", "::"):  # nosec B104
        shown = f"[{host}]" if ":" in host else host
        return [f"http://{shown}:{port}"]
    hosts = _interface_addresses() or [socket.gethostname()]
    return [f"http://{one}:{port}" for one in hosts]


def _interface_addresses() -> list[str]:
    """Returns this machine's IPv4 addresses, where Linux tells them."""
    if not sys.platform.startswith("linux"):
        return []
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(probe, _GET_ADDRESS, request)
                found.append(socket.inet_ntoa(answer[20:24]))
    return [one for one in found if not _is_loopback(one)]


def _open_browser(address: str) -> None:
    """Shows the page, where there is a desktop to show it on."""
    has_desktop = sys.platform in ("darwin", "win32") or any(
        name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if has_desktop:
        threading.Thread(
            target=webbrowser.open, args=(address,), daemon=True
        ).start()
