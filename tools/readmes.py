"""Do what the READMEs print, as a new user would: from the built wheels, outside the repository.

python tools/readmes.py
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from release import ROOT, TABLE, build
from wheels import environment, newest, run, serving

READMES = """
import os, pathlib, re, sys
block = re.compile(r"^(<!-- not run[^\\n]*-->\\n)?```python\\n(.*?)^```", re.MULTILINE | re.DOTALL)
for page in map(pathlib.Path, sys.argv[1:]):
    names = {"__name__": "page"}
    for found in block.finditer(page.read_text("utf-8")):
        if not found.group(1):
            exec(compile(found.group(2), str(page), "exec"), names)
"""


def output(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def installed(wanted: list[str], wheels: Path, folder: Path) -> Path:
    """Make an environment with requirements as one would type them; return its Python.

    Those of this workspace become its wheels, with their siblings: others have distributions of these names.
    """
    folders = {distribution: package for package, (distribution, _) in TABLE.items()}
    asked = [re.split(r"(?=\[)", requirement, maxsplit=1) for requirement in wanted]
    mine = {folders[name] for name, *_ in asked}
    files = [f"{newest(wheels, folders[name])}{''.join(extras)}" for name, *extras in asked]
    siblings = folder.with_suffix(".txt")
    siblings.write_text(
        "\n".join(f"{TABLE[one][0]} @ {newest(wheels, one).as_uri()}" for one in TABLE if one not in mine)
    )
    return environment(folder, wheels, [], others=[*files, "--override", str(siblings)])


def readmes(wheels: Path, outside: Path, python: Path) -> None:
    """Do what the packages' READMEs print, where only the wheels are: install, run commands and examples."""
    pages = sorted(ROOT.glob("packages/*/README.md"))
    for page in pages:
        fresh: Path | None = None
        for number, line in enumerate(shell_lines(page)):
            words = shlex.split(line, comments=True)
            if words[:2] == ["pip", "install"]:
                fresh = installed(words[2:], wheels, outside / f"{page.parent.name}-{number}")
            elif words and words[0].startswith("pinecone-") and fresh is not None:
                # Whether there is such a command, with these options: what it would do needs an account.
                options = [word.partition("=")[0] for word in words if word.startswith("--")]
                names = [word for word in words[1:] if word.isalpha() or word == "api-keys"]
                shown = output(fresh.with_name(words[0]), *subcommand(names), "--help", cwd=outside)
                shown += output(fresh.with_name(words[0]), "--help", cwd=outside)
                if missing := [option for option in options if option not in shown]:
                    sys.exit(f"{page}: {line}: there is no {', '.join(missing)}")
    everything = [ROOT / "README.md", *pages]
    with tempfile.TemporaryDirectory(dir=outside) as folder, serving(python) as url:
        known = {"PINECONE_CONTROLLER_HOST": url, "PINECONE_API_KEY": "k"}
        code = f"import os; os.environ.update({known!r})\n{READMES}"
        run(python, "-c", code, *everything, cwd=Path(folder))
    print(f"{len(everything)} READMEs: what they print works")


def shell_lines(page: Path) -> list[str]:
    """Return the commands in a page's shell blocks."""
    found: list[str] = []
    language: str | None = None  # of the block the line is in
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            language = line.removeprefix("```") if language is None else None
        elif language in ("", "sh", "console", "bash"):
            found.append(line.strip().removeprefix("$ "))
    return [line for line in found if line.startswith(("pip install", "pinecone-"))]


def subcommand(names: list[str]) -> list[str]:
    """Return the words of a command line that name a command: a group and its command, or one."""
    groups = {"organizations", "projects", "api-keys"}
    first = next((place for place, name in enumerate(names) if name in groups), None)
    return names[:1] if first is None else names[first : first + 2]


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        outside = Path(temporary)
        wheels = outside / "wheels"
        for package in TABLE:
            build(ROOT / "packages" / package, wheels)
        readmes(wheels, outside, environment(outside / "all", wheels, TABLE, extra="[embedder]"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
