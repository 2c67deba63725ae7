"""One session of Ray, of one processor, which its actors hold."""

import importlib.util
import ipaddress
import json
import os
import signal
import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from multistyle.cli.main import run_verb
from multistyle.errors import InputError, OutputError
from multistyle.images.codecs.reading import read_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.runs.bucket_run import BucketRun
from multistyle.inference.runs.folder_run import FolderRun
from multistyle.inference.runs.output_tree import find_works
from multistyle.inference.runs.ray.runner import RayRunner
from multistyle.inference.runs.ray.session import Share, find_share, start_ray
from multistyle.inference.stylizer import Stylizer

# Not imported here: what keeps it on this machine has to be said before.
if importlib.util.find_spec("ray") is None:
    pytest.skip("the extra `ray` is missing", allow_module_level=True)

TCP_STATES = {"01": "established", "02": "sent", "0A": "listening"}


@pytest.fixture(scope="module", autouse=True)
def session():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv("RAY_OVERRIDE_RESOURCES", json.dumps({"CPU": 1}))
        handler = signal.getsignal(signal.SIGTERM)
        start_ray()
        assert signal.getsignal(signal.SIGTERM) is handler
        import ray

        # Actors cannot import this module.
        module = sys.modules[__name__]
        ray.cloudpickle.register_pickle_by_value(module)
        yield ray
        ray.cloudpickle.unregister_pickle_by_value(module)
        ray.shutdown()


@pytest.fixture(scope="module")
def stylizer(small_model_path):
    return Stylizer.load(small_model_path)


class Dangerous(Blend):
    """Ends its process, or the run, over photographs of certain names."""

    def read(self, path, *args, **options):
        name = Path(path).stem
        if name == "always" or (name == "once" and _is_first(path)):
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "full":
            raise OutputError("The disk is full.")
        if name == "bug":
            raise ZeroDivisionError("of a program")
        return super().read(path, *args, **options)


def _is_first(path):
    try:
        Path(path).with_suffix(".met").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def begin(composition, photographs, output, jobs=None):
    works, _ = find_works([photographs], output)
    options = composition.options()
    runner = RayRunner(jobs)
    return FolderRun(composition, works, output, options, runner=runner)


def test_what_is_asked_for_again_is_not_painted_again(
    session, stylizer, photograph_folder, tmp_path
):
    """As Ray does where an actor dies, of all that has not arrived."""
    from multistyle.inference.runs.ray.actors import PaintingActor, Tally

    works, _ = find_works([photograph_folder / "a.png"], tmp_path / "out")
    tally = session.remote(Tally).options(num_cpus=0).remote(1)
    composition = session.put(Blend(stylizer, "great_wave"))
    lines = {"work": [json.dumps([0, *works[0]])]}
    first = PaintingActor([composition], tally, str(tmp_path))(lines)
    status = os.stat(works[0].output)
    # By another actor, in place of the one that died.
    other = PaintingActor([composition], tally, str(tmp_path))
    assert other(lines) == first
    assert json.loads(first["outcome"][0])[1]["status"] == "painted"
    assert os.stat(works[0].output) == status
    # Once it has arrived, it takes no memory any more.
    session.get(tally.forget.remote(0))
    assert session.get(tally.begin.remote(0)) == (1, None)


def copy(folder, *names):
    for name in names:
        data = (folder / "a.png").read_bytes()
        (folder / name).write_bytes(data)


def by_name(records):
    """Returns dict name of the photograph -> its one record."""
    found = {}
    for record in records:
        assert Path(record["input"]).name not in found
        found[Path(record["input"]).name] = record
    return found


def test_killed_actors_and_a_broken_picture(
    stylizer, photograph_folder, tmp_path, capsys
):
    copy(photograph_folder, "once.png", "always.png")
    (photograph_folder / "broken.png").write_bytes(b"none")
    composition = Dangerous(stylizer, "great_wave")
    output = tmp_path / "out"
    # More actors than there are processors: what is not there is not waited
    # for.
    run = begin(composition, photograph_folder, output, jobs=3)
    records = by_name(run.records())
    assert {name: record["status"] for name, record in records.items()} == {
        "a.png": "painted",
        "b.jpg": "painted",
        "c.png": "painted",
        "once.png": "painted",
        "always.png": "failed",
        "broken.png": "failed",
    }
    always = str(photograph_folder / "always.png")
    assert records["always.png"]["error"].startswith(
        f"`{always}` ended the process that paints it, twice"
    )
    assert (
        "`" + str(photograph_folder / "broken.png")
        in (records["broken.png"]["error"])
    )
    np.testing.assert_array_equal(
        read_image(output / "once.png"),
        np.asarray(stylizer.stylize(photograph_folder / "a.png", "great_wave")),
    )

    # Ray itself says nothing, above all not among what is printed.
    assert capsys.readouterr() == ("", "")

    # Mended, the same run does what is missing.
    copy(photograph_folder, "broken.png")
    (photograph_folder / "always.png").unlink()
    run = begin(composition, photograph_folder, output)
    records = by_name(run.records())
    assert records.pop("broken.png")["status"] == "painted"
    assert {record["status"] for record in records.values()} == {"kept"}


def test_files_by_url(stylizer, photograph_folder, tmp_path):
    (photograph_folder / "broken.png").write_bytes(b"none")
    url = f"file://{tmp_path}/out"

    def run():
        works, _ = find_works([f"file://{photograph_folder}"], url)
        blend = Blend(stylizer, "great_wave")
        options = blend.options()
        return by_name(
            BucketRun(blend, works, url, options, runner=RayRunner()).records()
        )

    records = run()
    assert records["a.png"]["output"] == f"{url}/a.png"
    assert records.pop("broken.png")["error"].startswith(
        f"`file://{photograph_folder}/broken.png` is empty"
    )
    assert {record["status"] for record in records.values()} == {"painted"}
    np.testing.assert_array_equal(
        read_image(tmp_path / "out" / "sub" / "c.png"),
        np.asarray(
            stylizer.stylize(photograph_folder / "sub" / "c.png", "great_wave")
        ),
    )
    copy(photograph_folder, "broken.png")
    records = run()
    assert records.pop("broken.png")["status"] == "painted"
    assert {record["status"] for record in records.values()} == {"kept"}


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        ("full.png", OutputError, "The disk is full."),
        ("bug.png", RuntimeError, "ZeroDivisionError: of a program"),
    ],
)
def test_what_ends_a_run(
    name, error, text, stylizer, photograph_folder, tmp_path
):
    copy(photograph_folder, name)
    composition = Dangerous(stylizer, "great_wave")
    run = begin(composition, photograph_folder, tmp_path / "out")
    with pytest.raises(error, match=text):
        list(run.records())


def test_processors_are_shared():
    assert find_share(None, False) == Share(1, 1, 0)
    assert find_share(3, True) == Share(3, 1, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_session_stays_on_this_machine():
    family = list(_family(os.getpid()))
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family]
    assert any(b"raylet" in command for command in commands)
    # It would ask the network which cloud it is in.
    assert not any(b"dashboard.py" in command for command in commands)
    connections = list(_connections(family))
    assert any(state == "listening" for state, _ in connections)
    outside = [
        (state, address)
        for state, address in connections
        if not address.is_loopback
    ]
    assert outside == []


def _family(pid):
    """Yields the numbers of a process and of all that it has started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(child)


def _connections(pids):
    """Yields (state, address): where it listens, or whom it talks to."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(os.readlink(link))
            except OSError:  # Closed meanwhile.
                continue
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            state = TCP_STATES.get(fields[3])
            if state and f"socket:[{fields[9]}]" in sockets:
                end = fields[1] if state == "listening" else fields[2]
                yield state, _address(end.split(":")[0])


def _address(text):
    words = [text[i : i + 8] for i in range(0, len(text), 8)]
    raw = b"".join(bytes.fromhex(word)[::-1] for word in words)
    address = ipaddress.ip_address(raw)
    return getattr(address, "ipv4_mapped", None) or address


@pytest.mark.parametrize("address", ["127.0.0.1:{}", "ray://127.0.0.1:{}"])
def test_a_cluster_that_does_not_answer(address, session, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = address.format(free.getsockname()[1])
    monkeypatch.setenv("RAY_ADDRESS", address)
    monkeypatch.setattr(session, "is_initialized", lambda: False)
    with pytest.raises(InputError) as caught:
        start_ray()
    assert str(caught.value).startswith(
        f"Ray cannot be reached at `RAY_ADDRESS={address}`: "
    )
    assert "refused" in str(caught.value)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"multistyle\[ray\]"):
        start_ray()


def test_the_command(photograph_folder, small_model_path, monkeypatch, capsys):
    monkeypatch.chdir(photograph_folder.parent)
    (photograph_folder / "broken.png").write_bytes(b"none")
    code = run_verb(
        "interpolate",
        [
            "photographs",
            "--style_weights=great_wave",
            f"--model={small_model_path}",
            "--output=out",
            "--runner=ray",
        ],
    )
    assert code == 1
    printed = capsys.readouterr()
    assert sorted(printed.out.split()) == [
        "out/a.png",
        "out/b.jpg",
        "out/sub/c.png",
    ]
    assert "3 painted, 1 failed" in printed.err
