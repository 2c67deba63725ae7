"""`multistyle doctor`: says what is installed, and what is broken."""

import json
from collections.abc import Iterator
from typing import Any

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.colors import color
from multistyle.cli.terminal.exit_codes import DONE, SOME_FAILED
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.installation.caches import CLEARABLE, clear_cache

SUMMARY = "Say what is installed, whether it works, and what to do."
USAGE = "multistyle doctor [--clear=graphs|learned|all] [--json]"
EXAMPLES = """
multistyle doctor
    versions, engines, memory, extras, caches, and a picture as a test; the
    exit code is 1 where something is broken

multistyle doctor --clear=all
    what was kept for the next calls goes; the user's own files stay
"""


def define_flags(flags: VerbFlags) -> None:
    group = "Doctor"
    flags.enum(
        "clear",
        CLEARABLE,
        "Remove what is kept for the next calls, and do nothing else: graphs, "
        "which are compiled again, or learned, the styles of paintings, which "
        "are learned again where a command asks for them.",
        group,
    )
    flags.boolean("json", "Print what is found as one JSON object.", group)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(f"`{arguments[0]}` is not a flag; see --help.")
    if flags.clear:
        return _clear(flags)
    say("Looking, and painting a few pictures ...")
    # Late, so that help and wrong flags need not wait for it.
    from multistyle.installation.examination import examine_installation

    report = examine_installation()
    if flags.json:
        print(json.dumps(report))
    else:
        print("\n".join(_as_text(report)))
    return SOME_FAILED if report["broken"] else DONE


def _clear(flags):
    removed = clear_cache(flags.clear)
    if flags.json:
        print(json.dumps({"removed": removed}))
        return DONE
    for kind, facts in removed.items():
        print(f"{kind}: removed {_amount(facts)} from {facts['folder']}")
    return DONE


def _as_text(report: dict[str, Any]) -> Iterator[str]:
    machine = report["machine"]
    yield f"multistyle {report['version']}, Python {machine['python']}"
    yield f"{machine['system']}"
    yield ""
    yield color("Machine", "bold")
    yield f"  {machine['cores']} cores, {_size(machine['free_memory'])} free"
    yield f"  bfloat16: {'yes' if machine['bfloat16'] else 'no gain here'}"
    yield f"  driver of a GPU: {'yes' if machine['gpu_driver'] else 'none'}"
    yield ""
    yield color("Engines", "bold")
    yield from _versions(report["engines"])
    yield color("Backends of Keras", "bold")
    yield from _versions(report["backends"], chosen=report["backend"])
    if report["packages"]:
        yield color("Packages", "bold")
        yield from _versions(report["packages"])
    yield color("Loss networks", "bold")
    yield "  pocket: comes with multistyle"
    vgg16 = report["loss_networks"]["vgg16"]
    yield f"  vgg16: {vgg16 or 'not here; downloaded when asked for, 59 MB'}"
    yield color("Extras", "bold") + ', each by pip install "multistyle[NAME]"'
    for name, facts in report["extras"].items():
        state = "installed" if facts["installed"] else "not installed"
        yield f"  {name:<8}{state:<15}{facts['for']}"
    yield color("Models", "bold")
    for name, facts in report["models"].items():
        yield f"  {name}: {_size(facts['bytes'])}"
    yield color("Caches", "bold")
    for kind, facts in report["caches"].items():
        yield f"  {kind}: {_amount(facts)} in {facts['folder']}"
    yield color("Self-test", "bold")
    for outcome in report["self_test"]:
        yield f"  {_verdict(outcome)}"
    yield ""
    for fault in report["broken"]:
        yield color(f"Broken: {fault['what']}", "red")
        yield f"  {fault['advice']}"
    if not report["broken"]:
        yield color("All is well.", "green")


def _versions(versions, chosen=None):
    for name, version in versions.items():
        aside = ", chosen" if name == chosen else ""
        yield f"  {name}: {version or 'not installed'}{aside}"


def _verdict(outcome):
    who = f"{outcome['engine']}, {outcome['model']}"
    if "error" in outcome:
        return f"{who}: failed"
    state = "as expected" if outcome["is_right"] else "another picture"
    return (
        f"{who}, {outcome['precision']}: {state}, "
        f"{outcome['difference']:.2f} of 255 from it"
    )


def _amount(facts):
    files = "1 file" if facts["files"] == 1 else f"{facts['files']} files"
    return f"{files}, {_size(facts['bytes'])}"


def _size(amount):
    if amount >= 1e9:
        return f"{amount / 1e9:.1f} GB"
    return f"{amount / 1e6:.1f} MB"
