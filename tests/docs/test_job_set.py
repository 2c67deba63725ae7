"""The JobSet in the documents is what Kubernetes would take."""

import json
from pathlib import Path

import pytest
from pages import ROOT, read_blocks

jsonschema = pytest.importorskip("jsonschema", reason="it checks the file")
yaml = pytest.importorskip("yaml", reason="the file is in it")

SCHEMAS = Path(__file__).parent / "schemas"


def read_job_set():
    text = (ROOT / "docs" / "training_at_scale.md").read_text("utf-8")
    (content,) = [c for language, c in read_blocks(text) if language == "yaml"]
    return yaml.safe_load(content)


def check(job_set):
    """Raises a `jsonschema.ValidationError` where something is wrong."""
    job_set_schema, job_schema = (
        json.loads((SCHEMAS / name).read_text("utf-8"))
        for name in ("jobset_v1alpha2_jobset.json", "batch_v1_job.json")
    )
    jsonschema.validate(job_set, job_set_schema)
    for replicated in job_set["spec"]["replicatedJobs"]:
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": replicated["name"]},
            "spec": replicated["template"]["spec"],
        }
        jsonschema.validate(job, job_schema)


def test_the_job_set_is_of_its_schema():
    check(read_job_set())


@pytest.mark.parametrize(
    "path",
    [
        ("spec", "failurePolicies"),
        ("spec", "replicatedJobs", 0, "template", "spec", "completion"),
        (
            *("spec", "replicatedJobs", 0, "template", "spec", "template"),
            *("spec", "containers", 0, "envs"),
        ),
    ],
)
def test_a_misspelt_field_is_found(path):
    job_set = part = read_job_set()
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = {}
    with pytest.raises(jsonschema.ValidationError, match=path[-1]):
        check(job_set)


def test_the_workers_of_the_job_set_find_each_other():
    job_set = read_job_set()
    (replicated,) = job_set["spec"]["replicatedJobs"]
    job = replicated["template"]["spec"]
    (container,) = job["template"]["spec"]["containers"]
    values = {e["name"]: e.get("value") for e in container["env"]}
    name = job_set["metadata"]["name"]
    # As JobSet names the pods: SET-JOB-INDEX-POD.SET.
    assert values["KERAS_DISTRIBUTION_JOB_ADDRESSES"] == (
        f"{name}-{replicated['name']}-0-0.{name}:9876"
    )
    assert values["KERAS_DISTRIBUTION_NUM_PROCESSES"] == str(job["completions"])
    assert job["parallelism"] == job["completions"]
    assert values["KERAS_BACKEND"] == "jax"
