"""Limits: how much of a machine its visitors may use."""

from dataclasses import dataclass

from multistyle.server.refusals import Refusal

# What a visitor may be allowed besides pictures.
PERMISSIONS = ("models", "films", "learning")
_NOUNS = {
    "models": "Models of your own",
    "films": "Films",
    "learning": "Learning paintings",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that visitors may ask for.

    Attributes:
        pixels: of a picture.
        film_seconds: of a film, as far as it is painted.
        upload_bytes: of one file.
        uploads: files of one visitor at a time.
        jobs: of one visitor, waiting or running.
        waiting: jobs of all visitors.
        visitors: at a time.
        allowed: those of `PERMISSIONS` that are given.
    """

    pixels: int = 50_000_000
    film_seconds: float = 600.0
    upload_bytes: int = 500_000_000
    uploads: int = 20
    jobs: int = 3
    waiting: int = 50
    visitors: int = 200
    allowed: frozenset[str] = frozenset(PERMISSIONS)

    def check_allowed(self, permission: str) -> None:
        """Refuses what this server is not for."""
        if permission not in self.allowed:
            raise Refusal(
                f"{_NOUNS[permission]} are off on this server: whoever runs "
                f"it can allow them by `--allow={permission}`."
                if permission != "learning"
                else "Learning paintings is off on this server: whoever runs "
                "it can allow it by `--allow=learning`.",
                403,
            )

    def check_pixels(self, width: int, height: int) -> None:
        """Refuses a picture that is too large."""
        if width * height > self.pixels:
            raise Refusal(
                f"The picture has {width} x {height} pixels, "
                f"{width * height / 1e6:.1f} million; here at most "
                f"{self.pixels / 1e6:g} million are painted: reduce it first.",
                413,
            )

    def check_frames(self, count: int, width: int, height: int) -> None:
        """Refuses a moving picture whose frames are too many together."""
        if count * width * height > self.pixels:
            raise Refusal(
                f"The picture moves: {count} frames of {width} x {height} "
                f"pixels are more than the {self.pixels / 1e6:g} million that "
                "are painted here: give fewer, or smaller ones.",
                413,
            )

    def check_bytes(self, count: int) -> None:
        """Refuses a file that is too large."""
        if count > self.upload_bytes:
            raise Refusal(
                f"The file has more than {self.upload_bytes / 1e6:g} MB, the "
                "most that is taken here: give a smaller one.",
                413,
            )

    def check_seconds(self, seconds: float) -> None:
        """Refuses too much of a film."""
        if seconds > self.film_seconds:
            raise Refusal(
                f"That is {seconds:.0f} seconds of film; here at most "
                f"{self.film_seconds:g} are painted at a time: choose a part.",
                413,
            )

    def check_uploads(self, count: int) -> None:
        """Refuses one more file than a visitor may have."""
        if count >= self.uploads:
            raise Refusal(
                f"You have {count} files here, of at most {self.uploads}: "
                "remove one first.",
                429,
            )

    def check_jobs(self, own: int, waiting: int) -> None:
        """Refuses one more job than a visitor, or all of them, may have."""
        if own >= self.jobs:
            raise Refusal(
                f"{own} of your jobs are waiting or running, of at most "
                f"{self.jobs}: wait for one, or cancel it.",
                429,
            )
        if waiting >= self.waiting:
            raise Refusal(
                f"{waiting} jobs are waiting, the most that this server "
                "takes: try again in a few minutes.",
                503,
            )

    def check_visitors(self, count: int) -> None:
        """Refuses one more visitor than there may be."""
        if count >= self.visitors:
            raise Refusal(
                f"{count} visitors are here, the most that this server takes: "
                "try again later.",
                503,
            )
