"""What a kill, a full disk or a damaged file costs: a campaign of faults.

python benchmarks/faults.py --folder=FOLDER

See benchmarks/README.md. Linux only; disks are put up by root alone.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from mishaps.kills import KIND
from mishaps.outcomes import Ledger, Outcome
from mishaps.plan import plan
from mishaps.references import Reference
from mishaps.works import WORKS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--seed", type=int, default=0, help="of all that is drawn; default: 0"
    )
    parser.add_argument(
        "--folder",
        help="where the runs are made, and outcomes.jsonl, by which the same "
        "command goes on; default: a temporary one",
    )
    parser.add_argument(
        "--works",
        default=",".join(work.name for work in WORKS),
        help="that meet faults, separated by commas; default: all",
    )
    parser.add_argument(
        "--kinds", help="of faults, separated by commas; default: all"
    )
    parser.add_argument(
        "--minutes", type=float, help="after which no fault more is begun"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.folder or temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(folder / "outcomes.jsonl", options.seed)
        run_campaign(options, folder, ledger)
        print_table(ledger)
    return 1 if any(one.problem for one in ledger.outcomes) else 0


def run_campaign(options, folder: Path, ledger: Ledger) -> None:
    end = time.monotonic() + 60 * (options.minutes or 1e9)
    kinds = options.kinds and options.kinds.split(",")
    faults = [
        fault
        for fault in plan(options.seed)
        if fault.work in options.works.split(",")
        and (kinds is None or fault.kind in kinds)
        and fault[:3] not in ledger
    ]
    for work in WORKS:
        mine = [fault for fault in faults if fault.work == work.name]
        if not mine or time.monotonic() > end:
            continue
        place = folder / f"{work.name.replace(' ', '_')}_{os.getpid()}"
        reference = Reference(work, place, options.seed)
        for fault in mine:
            if time.monotonic() > end:
                break
            try:
                outcome = fault.bring(reference)
            except Exception as error:
                traceback.print_exc()
                outcome = Outcome(*fault[:3], problem=repr(error))
            ledger.add(outcome)
            print(outcome, file=sys.stderr, flush=True)


def print_table(ledger: Ledger) -> None:
    kills = [one for one in ledger.outcomes if one.kind == KIND]
    others = [one for one in ledger.outcomes if one.kind != KIND]
    print(
        f"Seed {ledger.seed}: {len(kills)} kills, {len(others)} other faults, "
        f"{sum(bool(one.problem) for one in ledger.outcomes)} problems"
    )
    print(f"{'fault':<28}{'times':>5}  lost at most; works")
    for kind in dict.fromkeys(one.kind for one in kills + others):
        group = [one for one in ledger.outcomes if one.kind == kind]
        works = [work.name for work in WORKS]
        met = [name for name in works if any(o.work == name for o in group)]
        lost = max((one.lost for one in group), key=_amount)
        print(f"{kind:<28}{len(group):>5}  {lost}; {', '.join(met)}")
    largest = max((one.difference for one in ledger.outcomes), default=0)
    print(f"The largest difference to an unbroken run: {largest:.2g}")
    print("What the user was told")
    told = dict.fromkeys(
        (one.kind, one.work, one.line) for one in others if one.line
    )
    for kind, work, line in sorted(told):
        print(f"  {kind}, {work}\n    {line}")
    for one in ledger.outcomes:
        if one.problem:
            print(f"PROBLEM {one}")


def _amount(lost: str) -> int:
    first = lost.split()[0]
    return int(first) if first.isdecimal() else lost != "nothing"


if __name__ == "__main__":
    sys.exit(main())
