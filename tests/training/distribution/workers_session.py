"""What `test_workers.py` runs in each of two workers.

    python workers_session.py RESULTS

RESULTS is a file for JSON.
"""

import json
import sys

from multistyle.errors import InputError
from multistyle.training.distribution.workers import join_workers


def message_of(function):
    try:
        function()
    except InputError as error:
        return str(error)


def main(path):
    workers = join_workers("data_parallel")

    def fail_on_worker_1():
        with workers.together():
            if workers.number == 1:
                raise InputError("its disk is gone.")

    seeds = {"paintings": 1, "seeds": workers.number}
    results = {
        "number": workers.number,
        "text": str(workers),
        "is_first": workers.is_first,
        "gathered": workers.gather({"number": workers.number, "x": "é" * 9000}),
        "shared": workers.share(bytes([7, 0, 255])).hex(),
        "shared nothing": workers.share(None),
        "any": [workers.any(False), workers.any(workers.number == 1)],
        "together": message_of(fail_on_worker_1),
        "agreed": message_of(lambda: workers.agree({"seeds": 3})),
        "not agreed": message_of(lambda: workers.agree(seeds)),
        "shares": [
            message_of(lambda: workers.check_shares(8, 2)),
            message_of(lambda: workers.check_shares(7, 0)),
            message_of(lambda: workers.check_shares(4, 1)),
        ],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
