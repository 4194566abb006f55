"""Make every `_sync/x.py` from its `_async/x.py`.

    python tools/make_sync.py              write what differs
    python tools/make_sync.py --check      write nothing; fail if anything differs
    python tools/make_sync.py core db      only these packages

`to_sync.py` holds the rules. The result is sorted and formatted with the repository's ruff.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tokenize
from pathlib import Path

from to_sync import LEFT_OVER, RENAMES, to_sync

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made from ../_async/{name} by tools/make_sync.py; do not edit.\n"

HAND_WRITTEN = {"core/concurrency.py", "db/later.py"}
"""Pairs where threads and tasks truly differ: both sides are written by hand."""


def run_ruff(text: str, path: Path) -> str:
    """Drop imports that only the other side needs and repeated union members, sort, format."""
    check = ["check", "--select=I,F401,PYI016,RUF022", "--fix", "--quiet", "--exit-zero"]
    for command in (check, ["format"]):
        line = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(path), "-"]
        done = subprocess.run(line, input=text, capture_output=True, encoding="utf-8")
        if done.returncode or not done.stdout:
            raise SyntaxError(f"ruff: {done.stderr.strip()}")
        text = done.stdout
    return text


def make_package(package: Path, write: bool, used: set[str]) -> list[str]:
    """Make, or compare, one package's twins and return what is wrong with them."""
    problems: list[str] = []
    for source in sorted(package.glob("src/*/_async/**/*.py")):
        shell = next(parent for parent in source.parents if parent.name == "_async")
        name = source.relative_to(shell).as_posix()
        twin = shell.with_name("_sync") / name
        header = HEADER.format(name=name)
        found = twin.read_text("utf-8") if twin.exists() else None
        text = source.read_text("utf-8")
        if f"{package.name}/{name}" in HAND_WRITTEN:
            to_sync(text, used)
            problems += [f"{twin}: missing (it is written by hand)"] if found is None else []
            continue
        if re.search(r"\bis_async\b", text):
            problems.append(f"{source}: `is_async` is forbidden: let the two sides differ in concurrency.py")
        try:
            made = run_ruff(header + to_sync(text, used), twin)
        except (SyntaxError, tokenize.TokenError, IndexError) as error:
            problems.append(f"{source}: cannot be read: {error}")
            continue
        if found is not None and not found.startswith(header):
            problems.append(f"{twin}: written by hand; remove it or list it in HAND_WRITTEN")
        elif found != made and write:
            twin.parent.mkdir(parents=True, exist_ok=True)
            twin.write_text(made, "utf-8")
        elif found != made:
            problems.append(f"{twin}: {'missing' if found is None else 'differs from its source'}")
    return problems


def check_twins(package: Path, write: bool) -> list[str]:
    """Report (or remove) orphans, and report whatever asynchronous is left over."""
    problems: list[str] = []
    for twin in sorted(package.glob("src/*/_sync/**/*.py")):
        shell = next(parent for parent in twin.parents if parent.name == "_sync")
        name = twin.relative_to(shell).as_posix()
        header = HEADER.format(name=name)
        text = twin.read_text("utf-8")
        if not (shell.with_name("_async") / name).exists():
            if write and text.startswith(header):
                twin.unlink()
            else:
                problems.append(f"{twin}: orphan, there is no ../_async/{name}")
            continue
        for number, line in enumerate(text.replace(header, "\n", 1).splitlines(), 1):
            problems += [f"{twin}:{number}: `{word}` is left over" for word in LEFT_OVER.findall(line)]
    return problems


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make every _sync/x.py from its _async/x.py.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    parser.add_argument("packages", nargs="*", help="folders in packages/ (default: all)")
    options = parser.parse_args(arguments)
    folder = options.root.resolve() / "packages"
    packages = [folder / name for name in options.packages] or sorted(folder.iterdir())
    if missing := [package.name for package in packages if not package.is_dir()]:
        parser.error(f"no such package: {', '.join(missing)}")
    used: set[str] = set()
    problems: list[str] = []
    for package in packages:
        problems += make_package(package, not options.check, used)
        problems += check_twins(package, not options.check)
    if options.check and not options.packages:
        problems += [f"RENAMES: `{name}` is never used: remove it" for name in sorted(RENAMES.keys() - used)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
