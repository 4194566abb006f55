"""Build every distribution and try each wheel where nothing of the workspace is in reach.

    python tools/wheels.py            build, inspect, and run every lane
    python tools/wheels.py db admin   only these packages' own lanes

Lanes: each wheel alone in a fresh environment (every module imports, a smoke run works, the installed
size is printed and bounded); the lowest versions of every dependency that are allowed; all together.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from release import ROOT, TABLE, build, inspect_wheel

IMPORT_ALL = """
import importlib, pkgutil, sys
optional = {optional!r}
for top in {tops!r}:
    package = importlib.import_module(top)
    for info in pkgutil.walk_packages(package.__path__, top + "."):
        if not info.name.endswith(".__main__") and not info.name.startswith(optional):
            importlib.import_module(info.name)
others = {{name.partition(".")[0] for name in sys.modules}} & set({forbidden!r})
assert not others, f"another room came along: {{others}}"
"""

# Modules that need an extra.
OPTIONAL = (
    "pinecone_core.aiohttp_transport",
    "pinecone_core.tracing",
    "pinecone_local.search.graph",
    "pinecone_admin.cli",
    "pinecone_local.pytest_plugin",
)
# Installed size without byte code, in megabytes, dependencies included.
MOST_MEGABYTES = {"db": 4.5, "admin": 4.5}
MOST_MEGABYTES_FULL = 6.0

# What each wheel does alone, against an engine that another environment serves at URL.
SMOKE = {
    "core": """
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig
from pinecone_core.operation import Operation
executor = Executor(PineconeConfig(api_key="k"), URL)
assert executor.send(Operation("list_indexes", "GET", "/indexes", dict)) == {"indexes": []}
executor.close()
""",
    "db": """
from pinecone_db import PineconeDB, ServerlessSpec
with PineconeDB(api_key="k", host=URL) as pc:
    pc.create_index("smoke", ServerlessSpec(cloud="aws", region="us-east-1"), 2)
    index = pc.index("smoke")
    index.upsert(vectors=[("a", [1.0, 0.0]), ("b", [0.0, 1.0])])
    assert index.query(vector=[1.0, 0.1], top_k=1).matches[0].id == "a"
    pc.delete_index("smoke")
""",
    "inference": """
from pinecone_inference import Inference
with Inference(api_key="k", host=URL) as inference:
    found = inference.embed("multilingual-e5-large", ["a"], {"input_type": "query"})
    assert len(found[0].values) == 1024
""",
    "assistant": """
from pinecone_assistant import Assistants
with Assistants(api_key="k", host=URL) as assistants:
    assert assistants.create(name="smoke").status == "Ready"
    assistants.delete(name="smoke")
""",
    "admin": """
from pinecone_admin import Admin
with Admin(client_id="id", client_secret="secret", host=URL, oauth_host=URL) as admin:
    project = admin.projects.create(name="smoke")
    assert admin.api_keys.create(project_id=project.id, name="key").value
    admin.projects.delete(project_id=project.id)
""",
    "local": "from pinecone_local import LocalEngine; LocalEngine().close()",
}
TOGETHER = """
from pinecone import Field, Pinecone, ServerlessSpec
from pinecone_local import LocalEngine
with LocalEngine() as engine, Pinecone(api_key="local", transport=engine.transport()) as pc:
    pc.create_index(name="smoke", dimension=2, spec=ServerlessSpec(cloud="aws", region="us-east-1"))
    index = pc.index("smoke")
    index.upsert(vectors=[("a", [1.0, 0.0], {"n": 1}), ("b", [0.0, 1.0], {"n": 2})])
    found = index.query(vector=[1.0, 0.1], top_k=1, filter=Field("n") >= 1)
    assert [match.id for match in found.matches] == ["a"], found
"""


def run(*command: str | Path, cwd: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def newest(wheels: Path, package: str) -> Path:
    """Return the wheel of a package with the highest version."""
    name = TABLE[package][0].replace("-", "_")
    found = list(wheels.glob(f"{name}-[0-9]*.whl"))
    return max(found, key=lambda wheel: tuple(map(int, wheel.name.split("-")[1].split("."))))


def environment(
    folder: Path,
    wheels: Path,
    packages: Iterable[str],
    *,
    others: Iterable[str] = (),
    extra: str = "",
    lowest: bool = False,
) -> Path:
    """Make an environment outside the workspace that holds these packages; return its Python.

    Wheels are named by file, for others have distributions of the same names.
    """
    uv = (sys.executable, "-m", "uv")
    run(*uv, "venv", "-q", "--python", sys.executable, folder, cwd=wheels)
    python = folder / "bin" / "python"
    files = [f"{newest(wheels, package)}{extra if package == 'local' else ''}" for package in packages]
    resolution = ["--resolution", "lowest-direct"] if lowest else []
    run(*uv, "pip", "install", "-q", "--python", python, *resolution, *files, *others, cwd=wheels)
    return python


def megabytes(python: Path) -> float:
    site = next(python.parent.parent.glob("lib/python*/site-packages"))
    files = (f for f in site.rglob("*") if f.is_file() and f.suffix != ".pyc")
    return sum(f.stat().st_size for f in files if not f.name.startswith("_virtualenv")) / 1e6


@contextlib.contextmanager
def serving(python: Path, *options: str) -> Iterator[str]:
    """Serve an embedded engine from an environment of its own; give its address."""
    command = [str(python), "-m", "pinecone_local", "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=python.parent) as server:
        try:
            assert server.stdout is not None
            shown = server.stdout.readline()
            yield "http://" + shown.partition("http://")[2].split()[0]
        finally:
            server.terminate()


def alone(package: str, wheels: Path, outside: Path, url: str) -> None:
    """Install one wheel alone, import all of it, run its smoke test on an engine, and bound its size."""
    distribution, top = TABLE[package]
    mine = {"core", package} | (set(TABLE) - {"local"} if package == "meta" else set())
    python = environment(outside / package, wheels, sorted(mine))
    forbidden = [TABLE[other][1] for other in TABLE if other not in mine]
    code = IMPORT_ALL.format(tops=[top], forbidden=forbidden, optional=OPTIONAL)
    run(python, "-W", "error", "-c", code, cwd=outside)
    smoke = SMOKE["db"].replace("pinecone_db", "pinecone").replace("PineconeDB", "Pinecone")
    run(python, "-W", "error", "-c", f"URL = {url!r}\n{SMOKE.get(package, smoke)}", cwd=outside)
    size = megabytes(python)
    print(f"{distribution}: alone, {size:.2f} MB installed without byte code")
    most = MOST_MEGABYTES_FULL if package == "meta" else MOST_MEGABYTES.get(package)
    if most is not None and size > most:
        sys.exit(f"{distribution} takes {size:.2f} MB, more than {most} MB")


def main(chosen: list[str]) -> int:
    if unknown := [name for name in chosen if name not in TABLE]:
        sys.exit(f"no such package: {', '.join(unknown)}; choose from {', '.join(TABLE)}")
    with tempfile.TemporaryDirectory() as temporary:
        outside = Path(temporary)
        wheels = outside / "wheels"
        for package in TABLE:
            build(ROOT / "packages" / package, wheels)
        for wheel in sorted(wheels.glob("*.whl")):
            if problems := inspect_wheel(wheel):
                sys.exit("\n".join(problems))
        server = environment(outside / "server", wheels, ["core", "local"], extra="[embedder]")
        account = ("--client-id", "id", "--client-secret", "secret")
        with serving(server) as url, serving(server, *account) as managed:
            for package in chosen or TABLE:
                alone(package, wheels, outside, managed if package == "admin" else url)
        if not chosen:
            for lane, lowest in (("together", False), ("lowest versions", True)):
                folder = outside / lane.replace(" ", "-")
                python = environment(folder, wheels, TABLE, extra="[embedder]", lowest=lowest)
                run(python, "-c", TOGETHER, cwd=outside)
                print(f"{lane}: works")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
