"""The files for Kubernetes in the documents are what it would take."""

import jsonschema
import pytest
from pages import ROOT, read_blocks

kubernetes_validate = pytest.importorskip("kubernetes_validate")
yaml = pytest.importorskip("yaml")

NAME = {"type": "string", "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$"}
COUNT = {"type": "integer", "minimum": 0}


def an_object(required=(), **properties):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


# The fields of `jobset.x-k8s.io/v1alpha2`, as its reference lists them:
# https://jobset.sigs.k8s.io/docs/reference/jobset.v1alpha2/
# Inside `template` it is a Job, whose own schema is that of Kubernetes.
JOB_SET = an_object(
    ("apiVersion", "kind", "metadata", "spec"),
    apiVersion={"const": "jobset.x-k8s.io/v1alpha2"},
    kind={"const": "JobSet"},
    metadata=an_object(
        ("name",),
        name=NAME,
        namespace=NAME,
        labels={"type": "object"},
        annotations={"type": "object"},
    ),
    spec=an_object(
        ("replicatedJobs",),
        replicatedJobs={
            "type": "array",
            "minItems": 1,
            "items": an_object(
                ("name", "template"),
                name=NAME,
                groupName={"type": "string"},
                replicas=COUNT,
                dependsOn={"type": "array", "maxItems": 1},
                template=an_object(
                    ("spec",),
                    metadata={"type": "object"},
                    spec={"type": "object"},
                ),
            ),
        },
        network=an_object(
            enableDNSHostnames={"type": "boolean"},
            publishNotReadyAddresses={"type": "boolean"},
            subdomain=NAME,
        ),
        failurePolicy=an_object(
            maxRestarts=COUNT,
            restartStrategy={"enum": ["Recreate", "BlockingRecreate"]},
            rules={"type": "array"},
        ),
        successPolicy={"type": "object"},
        startupPolicy={"type": "object"},
        coordinator={"type": "object"},
        managedBy={"type": "string"},
        suspend={"type": "boolean"},
        ttlSecondsAfterFinished=COUNT,
    ),
)


def read_job_set():
    text = (ROOT / "docs" / "training_at_scale.md").read_text("utf-8")
    (content,) = [c for language, c in read_blocks(text) if language == "yaml"]
    return yaml.safe_load(content)


def check(job_set):
    """Raises a `jsonschema.ValidationError` where something is wrong."""
    jsonschema.validate(job_set, JOB_SET)
    for replicated in job_set["spec"]["replicatedJobs"]:
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": replicated["name"]},
            "spec": replicated["template"]["spec"],
        }
        kubernetes_validate.validate(job, "1.34", strict=True)


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
