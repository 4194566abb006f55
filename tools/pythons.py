"""Run the tests on the oldest and the newest supported Python found here, and import all on the others.

    python tools/pythons.py [pytest options]

Nothing is downloaded: a version that is not installed is named and passed over. The version that runs
this is left out, for it runs the tests anyway.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import tomllib

from release import PYTHONS, ROOT, TABLE

UV = (sys.executable, "-m", "uv")
IMPORT = "import " + ", ".join(top for _, top in TABLE.values())


def found(version: str) -> Path | None:
    """Return an interpreter of this version from the search path or pyenv, or None."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    candidates = [Path(on_path)] if on_path else []
    for candidate in [*candidates, *versions.glob(f"{version}.*/bin/python{version}")]:
        # What is on the search path may be a stand-in that only says that it is none.
        if subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    return None


def requirements() -> list[str]:
    """Return what the tests' environment holds, the workspace's packages included."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["envs"]["default"]
    members: list[str] = []
    for member in settings["workspace"]["members"]:
        path, features = (member, []) if isinstance(member, str) else (member["path"], member["features"])
        members += ["-e", f"{ROOT / path}[{','.join(features)}]" if features else str(ROOT / path)]
    return [*settings["dependencies"], *members]


def environment(python: Path, folder: Path) -> Path:
    """Make an environment with everything and return its Python."""
    subprocess.run([*UV, "venv", "-q", "--python", str(python), str(folder)], check=True)
    made = folder / "bin" / "python"
    subprocess.run([*UV, "pip", "install", "-q", "--python", str(made), *requirements()], check=True)
    return made


def main(options: list[str]) -> int:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    others = {version: path for version in PYTHONS if version != here and (path := found(version))}
    for version in set(PYTHONS) - {here, *others}:
        print(f"Python {version}: not installed here, passed over", flush=True)
    ends = {min(others, default=here, key=PYTHONS.index), max(others, default=here, key=PYTHONS.index)}
    for version, path in others.items():
        folder = Path(tempfile.mkdtemp(prefix=f"python-{version}-"))
        try:
            python = environment(path, folder)
            whole = version in ends
            command = ["-m", "pytest", "-q", "-n", "2", *options] if whole else ["-W", "error", "-c", IMPORT]
            print(f"Python {version}: {'all tests' if whole else 'imports'}", flush=True)
            # The environment's programs come first, as they do where it is activated.
            search = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
            done = subprocess.run([python, *command], cwd=ROOT, env={**os.environ, "PATH": search})
            if done.returncode:
                return done.returncode
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
