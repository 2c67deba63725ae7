"""What the source may not do: unpickle, evaluate, use a shell."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("multistyle", "integrations", "recipes", "benchmarks", "docs")
# What makes objects of bytes, by code that they name.
PICKLING = {
    *("pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal"),
    *("shelve", "jsonpickle", "yaml"),
}
SHELLS = {
    *("os.system", "os.popen", "subprocess.getoutput"),
    *("subprocess.getstatusoutput", "asyncio.create_subprocess_shell"),
    *("os.execl", "os.execlp", "os.spawnl", "os.spawnlp", "pty.spawn"),
}
RUNNING = {
    *("subprocess.run", "subprocess.Popen", "subprocess.call"),
    *("subprocess.check_call", "subprocess.check_output"),
    "asyncio.create_subprocess_exec",
}


def python_files():
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def called_name(call):
    """Returns what a call calls, as it is written, such as "os.system"."""
    return ast.unparse(call.func)


def find_faults(source):
    """Returns a line for each thing that the source may not do."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            if node.module in ("subprocess", "os"):
                # Else calls would not be known by their names.
                names = [alias.name for alias in node.names]
                modules += [f"{node.module}.{name}" for name in names]
                if node.module == "subprocess" or "system" in names:
                    faults.append(f"{node.lineno}: imports {modules[1:]}")
        elif isinstance(node, ast.Call):
            faults += [f"{node.lineno}: {f}" for f in faults_of_call(node)]
            continue
        else:
            continue
        for module in modules:
            if module.split(".")[0] in PICKLING:
                faults.append(f"{node.lineno}: imports {module}")
    return faults


def faults_of_call(call):
    name = called_name(call)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in ("eval", "exec", "compile", "__import__"):
        yield f"calls {name}"
    if name in SHELLS:
        yield f"calls {name}"
    if "shell" in given or (name in RUNNING and None in given):
        if not is_constant(given.get("shell"), False):
            yield f"gives {name} a shell"
    if name in RUNNING and call.args:
        # A text would be taken apart, or be a program's name with blanks.
        if isinstance(call.args[0], (ast.Constant, ast.JoinedStr)):
            yield f"gives {name} a text"
    if "allow_pickle" in given and not is_constant(
        given["allow_pickle"], False
    ):
        yield "unpickles arrays"
    if name.endswith("load_model") and "saving" in name:
        if not is_constant(given.get("safe_mode"), True):
            yield "loads a model without safe mode"
    if name.endswith("enable_unsafe_deserialization"):
        yield "leaves safe mode"
    if name == "torch.load" and not is_constant(
        given.get("weights_only"), True
    ):
        yield "unpickles weights"


def is_constant(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def test_the_source_does_none_of_it():
    files = python_files()
    assert len(files) > 250
    faults = {
        path.relative_to(ROOT).as_posix(): found
        for path in files
        if (found := find_faults(path.read_text("utf-8")))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import pickle", "1: imports pickle"),
        ("from joblib import load", "1: imports joblib"),
        ("def f():\n    import marshal", "2: imports marshal"),
        ("np.load(p, allow_pickle=True)", "1: unpickles arrays"),
        ("np.load(p, allow_pickle=x)", "1: unpickles arrays"),
        ("torch.load(p)", "1: unpickles weights"),
        ("eval(text)", "1: calls eval"),
        ("os.system(command)", "1: calls os.system"),
        (
            "subprocess.run(c, shell=True)",
            "1: gives subprocess.run a shell",
        ),
        ("subprocess.Popen('ls x')", "1: gives subprocess.Popen a text"),
        ("subprocess.run(f'ls {x}')", "1: gives subprocess.run a text"),
        (
            "subprocess.run(c, **options)",
            "1: gives subprocess.run a shell",
        ),
        (
            "from subprocess import run",
            "1: imports ['subprocess.run']",
        ),
        (
            "keras.saving.load_model(p)",
            "1: loads a model without safe mode",
        ),
        (
            "keras.saving.load_model(p, safe_mode=False)",
            "1: loads a model without safe mode",
        ),
    ],
)
def test_each_of_them_is_found(source, fault):
    assert find_faults(source) == [fault]


def test_what_is_harmless_is_no_fault():
    assert not find_faults(
        "import subprocess, json\n"
        "subprocess.run(['ls', name], check=True)\n"
        "subprocess.run(command, shell=False)\n"
        "np.load(path)\n"
        "np.load(path, allow_pickle=False)\n"
        "keras.saving.load_model(path, safe_mode=True)\n"
    )
