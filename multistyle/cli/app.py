"""`multistyle app`: flags of the page's server, and its wiring."""

import dataclasses
from collections.abc import Collection
from pathlib import Path

from multistyle.cli.flags.engine_flags import define_engine_flags
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError

SUMMARY = "Open the page in the browser: sliders, films, paintings of your own."
USAGE = "multistyle app [flags]"
EXAMPLES = """
multistyle app
    for yourself: it opens the browser, and ends by Ctrl-C

multistyle app --model=runs/mine
    with your own model, too

multistyle app --host=0.0.0.0 --allow=learning
    for others on the same network, by the address with a token that it prints
"""


def define_flags(flags: VerbFlags) -> None:
    group = "Server"
    flags.string(
        "host",
        "Address to listen at; 0.0.0.0 is for other machines, too. Default: "
        "127.0.0.1, for this machine alone.",
        group,
    )
    flags.integer(
        "port",
        "Port to listen at; 0 is any. Default: 8420, or the next that is free.",
        group,
        lower_bound=0,
        upper_bound=65535,
    )
    flags.string(
        "address",
        "Address by which visitors come, where another program stands before "
        "this one: https://paint.example.org.",
        group,
    )
    flags.boolean(
        "browser", "Open the browser, or --nobrowser. Default: do.", group
    )
    flags.float(
        "grace",
        "Seconds in which what runs may be finished when the server is asked "
        "to end, by Ctrl-C or SIGTERM. Default: 5.",
        group,
        lower_bound=0,
    )
    models = "Model"
    flags.string(
        "model",
        "What paints unless a visitor chooses: a run folder, a .keras file or "
        "a bundled model. Default: the bundled `paintings`.",
        models,
    )
    define_engine_flags(flags, models)
    flags.string(
        "max_memory",
        "Memory of a painting, as 2GB. Default: 3.5GB, and no more than is "
        "free.",
        models,
    )
    limits = "Limits, each for one visitor"
    flags.string(
        "allow",
        "A list with commas of what visitors may do besides painting pictures: "
        "models, films, learning; none. Default: all on this machine alone, "
        "none beyond.",
        limits,
    )
    flags.integer(
        "max_pixels",
        "Pixels of a picture. Default: 50000000.",
        limits,
        lower_bound=1,
    )
    flags.float(
        "max_seconds",
        "Seconds of film that are painted. Default: 600.",
        limits,
        lower_bound=0,
    )
    flags.string(
        "max_upload", "Size of a file, as 200MB. Default: 500MB.", limits
    )
    flags.integer(
        "max_uploads", "Files at a time. Default: 20.", limits, lower_bound=1
    )
    flags.integer(
        "max_jobs",
        "Jobs that wait or run. Default: 3.",
        limits,
        lower_bound=1,
    )
    flags.integer(
        "jobs",
        "Jobs of all visitors that run at a time, each with its own memory. "
        "Default: 1.",
        limits,
        lower_bound=1,
    )


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag: the page takes photographs."
        )
    # Late: they are an extra, and help need not wait for them.
    try:
        from multistyle.server.running import serve
    except ModuleNotFoundError as error:
        if error.name not in ("h11", "starlette", "uvicorn"):
            raise
        raise InputError(
            f"The page's server needs the package `{error.name}`, which is "
            'not installed: `pip install "multistyle[app]"`.'
        ) from error
    from multistyle.inference.passes.memory import read_memory
    from multistyle.page.listing import page_files
    from multistyle.server.limits import PERMISSIONS, Limits
    from multistyle.server.shelf import Shelf

    given = {
        limit: getattr(flags, flag)
        for limit, flag in (
            ("pixels", "max_pixels"),
            ("film_seconds", "max_seconds"),
            ("uploads", "max_uploads"),
            ("jobs", "max_jobs"),
        )
        if getattr(flags, flag) is not None
    }
    if flags.max_upload is not None:
        given["upload_bytes"] = read_memory(flags.max_upload)
    allowed = None
    if flags.allow is not None:
        allowed = _read_allowed(flags.allow, PERMISSIONS)
    memory = flags.max_memory
    server = {
        name: value
        for name in ("host", "port", "address", "grace")
        if (value := getattr(flags, name)) is not None
    }
    shelf = Shelf(
        flags.model,
        engine=flags.engine or "auto",
        precision=flags.precision or "auto",
    )

    def write_model(folder: Path) -> None:
        # Late, so that the server answers meanwhile.
        from multistyle.export.web import write_web_model

        write_web_model(shelf.browser_model.path, folder)

    try:
        serve(
            shelf,
            files=page_files(),
            write_model=write_model,
            limits=dataclasses.replace(Limits(), **given),
            allowed=allowed,
            num_jobs=flags.jobs or 1,
            max_memory=None if memory is None else read_memory(memory),
            opens_browser=flags.browser is not False,
            show=_show,
            **server,
        )
    except KeyboardInterrupt:  # The way to end it.
        say("Ended.")
    return DONE


def _show(addresses: list[str]) -> None:
    print("\n".join(addresses), flush=True)
    say("Ctrl-C ends it.")


def _read_allowed(text: str, known: Collection[str]) -> frozenset[str]:
    names = {name.strip() for name in text.split(",")} - {"", "none"}
    for name in names:
        if name not in known:
            raise InputError(
                f"`--allow` takes {', '.join(known)}, or none; got `{name}`."
            )
    return frozenset(names)
