"""Lengths of time, in words."""


def show_duration(seconds: float) -> str:
    """Returns a length in words: "40 s", "12 min", "3 h 20 min"."""
    if seconds < 100:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
