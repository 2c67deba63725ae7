"""Compiles the page's kernels to WebAssembly.

    pip install ziglang==0.17.1
    python recipes/kernels.py

The same compiler gives the same bytes; tests/page/test_kernels.py compares.
"""

import argparse
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "multistyle" / "page"
SOURCE = PAGE / "kernels" / "network.c"
NETWORK = PAGE / "files" / "engine" / "network"
# By file: what it may use besides SIMD. A shared memory is for threads.
VARIANTS = {
    "network.wasm": (),
    "network.relaxed.wasm": ("relaxed",),
    "network.threads.wasm": ("threads",),
    "network.threads.relaxed.wasm": ("threads", "relaxed"),
}


def compile_kernels(path: Path, features: tuple[str, ...]) -> None:
    """Compiles the kernels into the file `path`."""
    cpu = "generic+simd128+bulk_memory"
    flags = ["-Wl,--import-memory", "-Wl,--max-memory=4294901760"]
    if "relaxed" in features:
        cpu += "+relaxed_simd"
        flags.append("-DRELAXED")
    if "threads" in features:
        cpu += "+atomics"
        flags.append("-Wl,--shared-memory")
    subprocess.run(
        [
            *(sys.executable, "-m", "ziglang", "cc"),
            *("-target", "wasm32-freestanding", "-O3", "-nostdlib"),
            *("-fno-sanitize=all", f"-mcpu={cpu}", "-Wl,--no-entry"),
            *("-Wl,--strip-all", "-Wl,-z,stack-size=16384"),
            "-Wl,--export=__stack_pointer",
            *("-Wl,--export=__heap_base", *flags),
            *(SOURCE.name, "-o", str(path)),
        ],
        cwd=SOURCE.parent,
        check=True,
    )


def main() -> None:
    """Compiles every variant where the page looks for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.parse_args()
    for name, features in VARIANTS.items():
        compile_kernels(NETWORK / name, features)
        print(f"{name}: {(NETWORK / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
