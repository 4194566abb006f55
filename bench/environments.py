"""An environment for every contender, made with uv under ``.venv/bench`` and kept from run to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLACE = ROOT / ".venv" / "bench"
OURS = [str(ROOT / "packages" / name) for name in ("core", "db", "inference", "assistant", "admin", "meta")]
REFERENCES = ("9.0.1", "10.2.0")
NEEDS = {
    "ours": [*OURS, "numpy"],
    "ours+aiohttp": [*OURS, "numpy", "aiohttp"],
    "ours+uvloop": [*OURS, "numpy", "uvloop"],
    "ours+orjson": [*OURS, "numpy", "orjson"],
    **{version: [f"pinecone=={version}", "numpy"] for version in REFERENCES},
    "floor": ["httpx", "msgspec", "numpy", "orjson", "trustme"],
    "httpx": ["httpx", "msgspec", "numpy"],
    "drawing": ["matplotlib"],
    "ours+engine": [*OURS, str(ROOT / "packages" / "local"), "faiss-cpu", "numpy"],
    "qdrant": ["qdrant-client", "numpy"],
    "chromadb": ["chromadb", "numpy"],
}


class CannotBuildError(Exception):
    """An environment cannot be made, mostly for want of a package registry."""


def python(name: str) -> Path:
    """Return the interpreter of an environment."""
    return PLACE / name / "bin" / "python"


def build(name: str) -> Path:
    """Make an environment, or bring it up to date; return its interpreter.

    Our packages are installed as a user has them, not linked: finding modules through links is slower.
    """
    uv = [sys.executable, "-m", "uv"]
    found = python(name)
    if not found.exists():
        _run([*uv, "venv", "-q", "--python", sys.executable, str(PLACE / name)])
    elif not name.startswith("ours"):
        return found
    again = ["--reinstall-package", "pinecone"] if name.startswith("ours") else []
    for package in OURS if name.startswith("ours") else []:
        again += ["--reinstall-package", f"pinecone-{Path(package).name}"]
    try:
        _run(
            [*uv, "pip", "install", "-q", "--compile-bytecode", "--python", str(found), *again, *NEEDS[name]]
        )
    except CannotBuildError:
        if not name.startswith("ours"):
            found.unlink()  # not to be taken for a whole one the next time
        raise
    return found


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise CannotBuildError(f"{' '.join(command)}\n{ended.stderr.strip()}")
