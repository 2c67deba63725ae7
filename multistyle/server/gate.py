"""The gate: which requests come in, and the headers of what goes out.

A page elsewhere can make a browser send requests here, by a forged request or
by a name that suddenly means this machine (DNS rebinding). Both say so in
their headers.
"""

import hmac
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from multistyle.server.refusals import Refusal

API = "/api/"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self' blob: data:",
        "manifest-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What a browser says of requests by this page, and by the address bar.
_OWN_SITES = ("same-origin", "none")
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Door:
    """What a server answers to.

    Attributes:
        names: of hosts, such as "localhost"; lower case.
        takes_addresses: whether any IP address will do, as no name can
            come to mean another machine then; else those of loopback.
        token: what a visitor must know, or None.
        port: that it listens at; it tells the cookies of several apart.
        is_secure: whether visitors come by https.
    """

    names: frozenset[str] = frozenset({"localhost"})
    takes_addresses: bool = False
    token: str | None = None
    port: int = 0
    is_secure: bool = False

    def check(self, scope: Scope) -> None:
        """Refuses a request that is foreign, or whose token is wrong."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own(_host_name(host)):
            raise Refusal(
                f"This server does not answer to the name `{host[:80]}`: open "
                "it by the address that it printed when it was started.",
                403,
            )
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            raise Refusal(
                f"Requests of another page, `{origin[:80]}`, are refused.", 403
            )
        if not scope["path"].startswith(API):
            return
        if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            raise Refusal("Requests of another page are refused.", 403)
        if self.token is not None and not any(
            map(self.knows, self._tokens(scope, headers))
        ):
            raise Refusal(
                "This address lacks the token: open the page by the whole "
                "address, with `?token=`, that the server printed.",
                403,
            )

    def knows(self, token: str) -> bool:
        """Whether that is the token."""
        return self.token is not None and hmac.compare_digest(
            token.encode(), self.token.encode()
        )

    def cookie_name(self, noun: str) -> str:
        """Returns the name of a cookie, which ports would else share."""
        return f"multistyle_{noun}_{self.port}"

    def cookie(self, noun: str, value: str) -> str:
        """Returns the header that gives a visitor a cookie."""
        parts = [
            f"{self.cookie_name(noun)}={value}",
            "Path=/",
            f"Max-Age={_YEAR}",
            "HttpOnly",
            "SameSite=Strict",
        ]
        return "; ".join([*parts, "Secure"] if self.is_secure else parts)

    def read_cookie(self, noun: str, headers: Headers) -> str | None:
        """Returns what a cookie holds, or None."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return None
        found = cookies.get(self.cookie_name(noun))
        return None if found is None else found.value

    def _tokens(self, scope: Scope, headers: Headers) -> Iterable[str]:
        yield self.read_cookie("token", headers) or ""
        yield QueryParams(scope["query_string"]).get("token", "")
        yield headers.get("authorization", "").removeprefix("Bearer ")

    def _is_own(self, name: str) -> bool:
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return self.takes_addresses or address.is_loopback


class Gate:
    """Refuses what is foreign, and adds headers; middleware of ASGI.

    Args:
        app: what answers the rest.
        door: says what is foreign.
    """

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            self._door.check(scope)
        except Refusal as refusal:
            await _refuse(refusal, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = json.dumps({"error": str(refusal)}).encode()
    headers = [(b"content-type", b"application/json")]
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": body})


def _host_name(host: str) -> str:
    """Returns a host without its port, and an IPv6 address bare."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().rstrip(".")
