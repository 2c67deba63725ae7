"""The crowd: visitors of `multistyle app`, of several kinds, by a seed.

Each visitor comes, does what its kind does, and removes what it brought.
"""

import asyncio
import collections
import contextlib
import io
import json
import ssl
import tempfile
import time
import urllib.parse
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from multistyle.images.samples import sample_photographs
from multistyle.video.encoding.picture_film import write_picture_film

# Of the server that is visited; they are given to it as flags.
LIMITS = {
    "max_pixels": 16_000_000,
    "max_upload": 20_000_000,
    "max_uploads": 4,
    "max_jobs": 2,
}
STYLES = ("starry_night", "great_wave", "udnie")
NIGHT = {"weights": {"starry_night": 1}}
# Jobs of all visitors that wait, and visitors at a time.
MOST_WAITING, MOST_VISITORS = 50, 200
_SIDES = (64, 180, 400, 640, 1000, 1600)
_TIMEOUT = 180
# To make one for each visitor takes longer than to answer it.
_UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Ledger:
    """What was asked, how it was answered, and in what time.

    Attributes:
        seconds: kind -> list of seconds.
        refusals: (status, of what) -> count, of those that were to come.
        faults: lines, each an answer that was not to come.
        foresights: of large pictures, the time that each took once it was its
            turn, beside what was said before.
    """

    def __init__(self):
        self.seconds = collections.defaultdict(list)
        self.refusals = collections.Counter()
        self.faults = []
        self.foresights = []

    @contextlib.contextmanager
    def timed(self, kind):
        began = time.perf_counter()
        yield
        self.seconds[kind].append(time.perf_counter() - began)


class Files:
    """The files that visitors bring, made once by a seed.

    Args:
        seed: of all that is drawn.
        megapixels: of the large photograph.
    """

    def __init__(self, seed, megapixels):
        random = np.random.default_rng(seed)
        photographs = [
            np.array(Image.open(path).convert("RGB"))
            for path in sample_photographs()
        ]
        enlarged = [
            _enlarge(photographs[i % len(photographs)], side)
            for i, side in enumerate(_SIDES)
        ]
        self.pictures = [_encode(picture) for picture in enlarged]
        self.masks = [
            _encode(np.tri(*picture.shape[:2], dtype=np.uint8) * 255)
            for picture in enlarged
        ]
        side = round(1000 * megapixels**0.5)
        self.large = _encode(_enlarge(photographs[0], side), "JPEG")
        # Long enough in the making for a quick machine, too.
        self.largest = _encode(_enlarge(photographs[0], 3000), "JPEG")
        self.too_wide = _encode(np.zeros((4000, 4100, 3), np.uint8))
        self.too_heavy = b"\xff" * (LIMITS["max_upload"] + 1)
        self.broken = self.large[: len(self.large) // 2]
        self.no_picture = random.bytes(5000)
        panned = _enlarge(photographs[1], 160)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pan.mp4")
            frames = [np.roll(panned, 3 * step, 1) for step in range(12)]
            write_picture_film(path, frames, rate=12)
            self.film = path.read_bytes()


class Visitor:
    """One visitor, with a cookie of its own.

    Args:
        address: of the server.
        ledger: where it is written down.
        files: what it may bring.
        random: NumPy's generator.
    """

    def __init__(self, address, ledger, files, random):
        self._address = address
        self._ledger = ledger
        self._files = files
        self._random = random

    async def __aenter__(self):
        self._client = httpx.AsyncClient(
            base_url=self._address, timeout=_TIMEOUT, verify=_UNUSED
        )
        self._brought = []
        return self

    async def __aexit__(self, *error):
        with contextlib.suppress(httpx.HTTPError):
            for url in reversed(self._brought):
                await self._client.delete(url)
        await self._client.aclose()

    async def ask(self, kind, method, url, expected=200, **options):
        """Returns an answer; one of another status is a fault."""
        with self._ledger.timed(kind):
            answer = await self._client.request(method, url, **options)
        allowed = {expected} if isinstance(expected, int) else set(expected)
        if answer.status_code not in allowed:
            self._ledger.faults.append(
                f"{kind}: {answer.status_code} in place of {allowed}: "
                f"{answer.text[:200]}"
            )
        elif answer.status_code in (201, 202):  # Something of its own.
            self._brought.append(f"{url.split('?')[0]}/{answer.json()['id']}")
        elif answer.status_code >= 400:
            self._ledger.refusals[answer.status_code, kind] += 1
            sentence = answer.json().get("error", "")
            if not sentence.endswith("."):
                self._ledger.faults.append(f"{kind}: no sentence: {sentence}")
        return answer

    async def bring(self, kind, data, name="photo.png", noun="upload"):
        """Uploads a file; returns its id."""
        answer = await self.ask(
            noun,
            "POST",
            f"/api/uploads?kind={kind}",
            201,
            content=data,
            headers={"X-File-Name": name},
        )
        return answer.json().get("id")

    async def order(self, expected=202, noun="order", **fields):
        """Orders a job; returns its id."""
        answer = await self.ask(
            noun, "POST", "/api/jobs", expected, json=fields
        )
        return answer.json().get("id")

    async def make(self, noun, **fields):
        """Orders a job, watches it, and takes its file, as the page does.

        Returns the seconds that it ran.
        """
        with self._ledger.timed(noun):
            await self.take(noun, await self.order(**fields))
        return self._ran

    async def take(self, noun, job):
        """Watches a job that was ordered, and takes its file."""
        state = await self._watch(job)
        if state["state"] != "done":
            self._ledger.faults.append(f"{noun}: {state}")
        elif state["kind"] != "learn":
            await self.ask("result", "GET", f"/api/jobs/{job}/result")

    async def look_at(self, job):
        """Returns the state of a job."""
        return (await self.ask("state", "GET", f"/api/jobs/{job}")).json()

    async def _watch(self, job, seconds=None):
        """Follows a job's events to its end, or for some seconds."""
        state = {}
        began = time.perf_counter()
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(seconds),
                self._client.stream("GET", f"/api/jobs/{job}/events") as told,
            ):
                async for line in told.aiter_lines():
                    if line.startswith("data: "):
                        state = json.loads(line[6:])
                    if state.get("state") == "queued":
                        began = time.perf_counter()
        self._ran = time.perf_counter() - began
        return state

    def _pick(self, things):
        return things[self._random.integers(len(things))]

    def _look(self):
        shares = self._random.dirichlet(np.ones(len(STYLES)))
        weights = dict(zip(STYLES, shares.round(3).tolist(), strict=True))
        return {"weights": weights, "strength": self._pick([0.7, 1.0])}

    async def paint(self):
        """Opens the page, tries looks, and takes a picture."""
        await self.ask("page", "GET", "/")
        for name in (
            "style.css",
            "page/main.mjs",
            "engine/network/network.wasm",
        ):
            await self.ask("page", "GET", f"/{name}")
        await self.ask("info", "GET", "/api/info")
        await self._paint(self._random.integers(len(self._files.pictures)))

    async def paint_largest(self):
        """Takes the largest picture that `paint` may."""
        await self._paint(-1)

    async def _paint(self, number):
        content = await self.bring("picture", self._files.pictures[number])
        order = {"content": content, "look": self._look()}
        for _ in range(3):
            await self.make("preview", kind="preview", **order)
            order["look"] = self._look()
        mask = await self.bring("mask", self._files.masks[number])
        order["look"]["regions"] = [{"mask": mask}]
        await self.make("picture", kind="picture", **order)

    async def paint_large(self):
        """Brings a large photograph, and asks how long it will take."""
        content = await self.bring(
            "picture", self._files.large, "large.jpg", "large upload"
        )
        order = {"content": content, "look": self._look(), "format": "jpeg"}
        said = await self.ask("estimate", "POST", "/api/estimate", json=order)
        ran = await self.make("large picture", kind="picture", **order)
        self._ledger.foresights.append(ran / said.json()["seconds"])

    async def cancel(self):
        """Wants a walk, and then does not: by a word, or by leaving."""
        content = await self.bring("picture", self._pick(self._files.pictures))
        for _ in range(3):
            job = await self.order(
                kind="path",
                content=content,
                points=[{STYLES[0]: 1}, {STYLES[1]: 1}],
                seconds=20,
            )
            await self._watch(job, self._random.uniform(0, 3))
            await self.ask("cancel", "DELETE", f"/api/jobs/{job}", 204)

    async def learn(self):
        """Brings a painting of its own, learns it, and paints in it."""
        noise = self._random.integers(0, 256, (6, 8, 3), np.uint8)
        painting = _encode(noise.repeat(32, axis=0).repeat(32, axis=1))
        content = await self.bring("painting", painting)
        await self.make(
            "learning",
            kind="learn",
            paintings=[content],
            name="mine",
            learning="instant",
        )
        photograph = await self.bring("picture", self._files.pictures[2])
        look = {"weights": {"mine": 1, STYLES[0]: 1}}
        await self.make(
            "preview", kind="preview", content=photograph, look=look
        )

    async def film(self):
        """Brings a film, tries a second of it, and has it painted."""
        content = await self.bring("film", self._files.film, "pan.mp4")
        for kind in ("trial", "film"):
            await self.make(kind, kind=kind, content=content, look=NIGHT)

    async def provoke(self):
        """Asks for what is refused."""
        files = self._files
        for data, status in (
            (files.too_wide, 413),
            (files.too_heavy, 413),
            (_in_parts(files.too_heavy), 413),
            (files.broken, 400),
            (files.no_picture, 400),
            (b"", 400),
        ):
            await self.ask(
                "refused upload",
                "POST",
                "/api/uploads?kind=picture",
                status,
                content=data,
            )
        content = await self.bring("picture", files.pictures[0])
        for _ in range(LIMITS["max_uploads"] - 1):
            await self.bring("picture", files.pictures[0])
        await self.ask(
            "refused upload",
            "POST",
            "/api/uploads?kind=picture",
            429,
            content=files.pictures[0],
        )
        walk = {
            "kind": "path",
            "content": content,
            "points": [{STYLES[0]: 1}, {STYLES[1]: 1}],
            "seconds": 20,
        }
        for _ in range(LIMITS["max_jobs"]):
            await self.order(**walk)
        refused = {"noun": "refused order"}
        await self.order(429, **refused, **walk)
        await self.order(400, **refused, kind="dance")
        await self.order(
            404, **refused, kind="preview", content="x", look=NIGHT
        )
        await self.ask("refused name", "GET", "/", 403, headers={"Host": "x"})

    async def dawdle(self):
        """Sends and takes a few bytes at a time, or stops in the middle."""
        data = self._files.pictures[1]

        async def drip():
            for part in _cut(data, 12):
                yield part
                await asyncio.sleep(0.2)

        content = await self.bring("picture", drip(), noun="slow upload")
        job = await self.order(kind="preview", content=content, look=NIGHT)
        await self._watch(job)
        with self._ledger.timed("slow download"):
            async with self._client.stream(
                "GET", f"/api/jobs/{job}/result"
            ) as answer:
                async for _ in answer.aiter_raw(8192):
                    await asyncio.sleep(0.05)
        # Half a file, and gone.
        target = urllib.parse.urlsplit(self._address)
        _, writer = await asyncio.open_connection(target.hostname, target.port)
        writer.write(
            b"POST /api/uploads?kind=picture HTTP/1.1\r\n"
            b"Host: localhost\r\nContent-Length: 100000\r\n\r\n" + data[:2000]
        )
        await writer.drain()
        await asyncio.sleep(1)
        writer.close()


KINDS = (
    *(Visitor.paint,) * 3,
    *(Visitor.paint_large, Visitor.cancel, Visitor.learn, Visitor.film),
    *(Visitor.provoke, Visitor.dawdle),
)


def _enlarge(pixels, side):
    image = Image.fromarray(pixels)
    scale = side / max(image.size)
    return np.array(image.resize([round(n * scale) for n in image.size]))


def _encode(pixels, format="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format)
    return buffer.getvalue()


def _cut(data, count):
    step = -(-len(data) // count)
    return [data[i : i + step] for i in range(0, len(data), step)]


async def _in_parts(data):
    """Yields a body whose length is not said before."""
    for part in _cut(data, 20):
        yield part
