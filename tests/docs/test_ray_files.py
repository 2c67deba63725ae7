"""What the page of Ray shows for clusters is what clusters take."""

import copy
import importlib.util
import json
import re
import shlex
from pathlib import Path

import pytest
from pages import ROOT, read_blocks

from multistyle.cli import interpolate
from multistyle.cli.flags.verb_flags import VerbFlags

jsonschema = pytest.importorskip("jsonschema", reason="it checks the files")
yaml = pytest.importorskip("yaml", reason="the files are in it")

SCHEMAS = Path(__file__).parent / "schemas"
BLOCKS = read_blocks((ROOT / "docs" / "ray.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def machines():
    """The file of `ray up`, and the schema of Ray's own package for it."""
    ray = importlib.util.find_spec("ray")
    if ray is None:
        pytest.skip("the extra `ray` is missing")
    schema = Path(ray.origin).parent / "autoscaler" / "ray-schema.json"
    return _read_yaml(0), _validator(schema)


@pytest.fixture(scope="module")
def job():
    """The file of KubeRay, and its schema."""
    return _read_yaml(1), _validator(SCHEMAS / "ray_v1_rayjob.json")


def _read_yaml(index):
    files = [text for language, text in BLOCKS if language == "yaml"]
    return yaml.safe_load(files[index])


def _validator(path):
    schema = json.loads(path.read_text("utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def find_flags(command):
    """Returns the flags of a call of `multistyle interpolate`."""
    words = shlex.split(command)
    assert words[:2] == ["multistyle", "interpolate"]
    flags = VerbFlags()
    interpolate.define_flags(flags)
    assert len(flags.parse(words[2:])) == 1
    return flags


def test_the_machines_are_what_ray_takes(machines):
    file, validator = machines
    assert list(validator.iter_errors(file)) == []
    assert file["head_node_type"] in file["available_node_types"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.pop("provider"),
        lambda file: file.update(worker_nodes={}),
        lambda file: file["available_node_types"]["painter"].pop("node_config"),
        lambda file: file["available_node_types"]["painter"].update(
            resources={"CPU": "16"}
        ),
    ],
)
def test_the_schema_of_machines_finds_what_is_wrong(machines, spoil):
    file, validator = machines
    spoilt = copy.deepcopy(file)
    spoil(spoilt)
    assert list(validator.iter_errors(spoilt))


def test_the_job_is_one_of_kuberay(job):
    file, validator = job
    assert list(validator.iter_errors(file)) == []
    cluster = file["spec"]["rayClusterSpec"]
    for group in [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]:
        spec = group["template"]["spec"]
        names = {volume["name"] for volume in spec["volumes"]}
        for container in spec["containers"]:
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            assert mounted == names


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.update(apiVersion="ray.io/v1alpha1"),
        lambda file: file["spec"].pop("entrypoint"),
        lambda file: file["spec"].update(shutdownAfterJobFinishes="true"),
        lambda file: file["spec"]["rayClusterSpec"]["headGroupSpec"].update(
            rayStartParams={"num-cpus": 0}
        ),
        lambda file: file["spec"]["rayClusterSpec"]["workerGroupSpecs"][0].pop(
            "groupName"
        ),
        lambda file: file["spec"]["rayClusterSpec"]["workerGroupSpecs"][0][
            "template"
        ]["spec"]["containers"].clear(),
    ],
)
def test_the_schema_of_jobs_finds_what_is_wrong(job, spoil):
    file, validator = job
    spoilt = copy.deepcopy(file)
    spoil(spoilt)
    assert list(validator.iter_errors(spoilt))


def test_the_commands_are_understood(job):
    file, _ = job
    text = "".join(block for language, block in BLOCKS if language == "text")
    text = text.replace("\\\n", " ")
    commands = re.findall(r"multistyle interpolate [^\n]*?--runner=ray", text)
    assert len(commands) == 3
    for command in [*commands, file["spec"]["entrypoint"]]:
        assert find_flags(command).runner == "ray"
