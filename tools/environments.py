"""Environments with the workspace's packages and some more, beside the one that runs this."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

from release import ROOT, TABLE


def environment(name: str, needs: Iterable[str]) -> str:
    """Return the Python of an environment in .venv that has the packages and these needs; made once."""
    place = ROOT / ".venv" / name
    python = place / "bin" / "python"
    if not (place / "made").exists():
        uv = (sys.executable, "-m", "uv")
        subprocess.run([*uv, "venv", "-q", "--clear", "--python", sys.executable, str(place)], check=True)
        members = [part for one in TABLE for part in ("-e", str(ROOT / "packages" / one))]
        subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), *needs, *members], check=True)
        (place / "made").touch()
    return str(python)
