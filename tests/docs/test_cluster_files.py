"""The files for clusters that the pages show are what clusters take."""

import copy
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from pages import ROOT, read_blocks

from multistyle.cli import interpolate
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.inference.runs.shard import read_shard

jsonschema = pytest.importorskip("jsonschema", reason="it checks the files")
yaml = pytest.importorskip("yaml", reason="the files are in it")

SCHEMAS = Path(__file__).parent / "schemas"
PAGE = ROOT / "docs" / "many_pictures.md"


def read_block(kind):
    """Returns the one block of a kind on the page."""
    (text,) = [
        text
        for language, text in read_blocks(PAGE.read_text("utf-8"))
        if language == kind
    ]
    return text


def read_flags(words):
    """Returns the flags of a call of `multistyle interpolate`."""
    assert words[:2] == ["multistyle", "interpolate"]
    flags = VerbFlags()
    interpolate.define_flags(flags)
    assert flags.parse(words[2:]) == ["/data/photographs"]
    return flags


def expand(line, **variables):
    """Returns the words that a shell makes of a call."""
    script = f"printf '%s\\0' {line.removeprefix('exec ')}"
    made = subprocess.run(
        ["sh", "-c", script], env=variables, capture_output=True, check=True
    )
    return made.stdout.decode().split("\0")[:-1]


@pytest.fixture(scope="module")
def job():
    return yaml.safe_load(read_block("yaml"))


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((SCHEMAS / "batch_v1_job.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_job_is_one_of_kubernetes(job, validator):
    assert list(validator.iter_errors(job)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda job: job.update(apiVersion="v1"),
        lambda job: job["spec"].pop("completions"),
        lambda job: job["spec"].update(completionMode="indexed"),
        lambda job: job["spec"].update(parallelism="8"),
        lambda job: job["spec"]["template"]["spec"].pop("restartPolicy"),
        lambda job: job["spec"]["template"]["spec"].update(
            restartPolicy="OnFailure"
        ),
        lambda job: job["spec"]["template"]["spec"]["containers"].clear(),
        lambda job: job["spec"]["template"]["spec"]["containers"][0].update(
            cmd=[]
        ),
    ],
)
def test_the_schema_finds_what_is_wrong(job, validator, spoil):
    spoilt = copy.deepcopy(job)
    spoil(spoilt)
    assert list(validator.iter_errors(spoilt))


def test_the_parts_of_the_job_are_all_there_are(job):
    spec = job["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    assert container["command"] == ["sh", "-c"]
    (line,) = container["args"]
    parts = [
        read_flags(expand(line, JOB_COMPLETION_INDEX=str(index))).shard
        for index in range(spec["completions"])
    ]
    total = spec["completions"]
    assert parts == [f"{part}/{total}" for part in range(1, total + 1)]
    names = {volume["name"] for volume in spec["template"]["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == names


def test_the_parts_of_the_slurm_array_are_all_there_are():
    text = read_block("bash")
    first, last = re.search(r"--array=(\d+)-(\d+)", text).groups()
    line = text.replace("\\\n", " ").split("\n")[-2]
    assert shlex.split(line)[0] == "exec"
    shards = [
        read_shard(
            read_flags(
                expand(
                    line,
                    SLURM_ARRAY_TASK_ID=str(task),
                    SLURM_ARRAY_TASK_COUNT=last,
                    SLURM_CPUS_PER_TASK="4",
                )
            ).shard
        )
        for task in range(int(first), int(last) + 1)
    ]
    assert [shard.part for shard in shards] == list(range(1, 9))
    assert {shard.total for shard in shards} == {8}
