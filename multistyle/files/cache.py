"""The cache: what is kept for the user's next call, and may go at any time."""

from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Returns where the cache is, by the platform's convention."""
    return Path(platformdirs.user_cache_path("multistyle", appauthor=False))
