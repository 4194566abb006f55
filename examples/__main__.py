"""Run an example by its name: ``hatch run example chat_with_files``.

What an example needs besides the packages is put into an environment of its own the first time.
"""

from __future__ import annotations

import importlib.util
import runpy
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Import name and requirement of what some examples need.
NEEDS = {
    "bulk_parquet": {"pyarrow": "pyarrow>=14"},
    "fastapi_service": {"fastapi": "fastapi>=0.110", "uvicorn": "uvicorn>=0.30"},
    "explore": {"nbclient": "nbclient>=0.10", "ipykernel": "ipykernel>=6", "matplotlib": "matplotlib>=3.8"},
}
LIBRARIES = ("__main__", "stdlib_docs")
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in LIBRARIES)


def main() -> int:
    """Run the example that the command line names."""
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        sys.exit(f"usage: hatch run example NAME [...], one of {', '.join(NAMES)}")
    script = str(HERE / f"{sys.argv[1]}.py")
    needs = NEEDS.get(sys.argv[1], {})
    if any(importlib.util.find_spec(name) is None for name in needs):
        sys.path.insert(0, str(HERE.parent / "tools"))
        from environments import environment

        wanted = {need for group in NEEDS.values() for need in group.values()} | {"httpx", "wordllama"}
        python = environment("examples", sorted(wanted))
        return subprocess.run([python, script, *sys.argv[2:]]).returncode
    del sys.argv[0]
    runpy.run_path(script, run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
