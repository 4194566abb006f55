"""Give one package a new version.

    python tools/bump.py db 0.2.0            write the version, turn changes/ into the changelog
    python tools/bump.py db 0.2.0 --tag      the same, then commit and tag db-v0.2.0

Only files of that package change. Siblings name a range of its versions; when the new version leaves
that range, this says which of them want a new range and a version of their own.
"""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
from pathlib import Path

from release import ROOT, TABLE

KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}
_FRAGMENT = re.compile(r"(.+)\.(added|changed|fixed|removed)\.md")


def fragments(package: Path) -> list[tuple[Path, str]]:
    """Return the changelog fragments of a package, with the kind of each."""
    found = []
    for path in sorted((package / "changes").glob("*.md")):
        if path.name == "README.md":
            continue
        match = _FRAGMENT.fullmatch(path.name)
        if match is None:
            sys.exit(f"{path}: name it <what>.<kind>.md with kind one of {', '.join(KINDS)}")
        found.append((path, match[2]))
    return found


def number(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit(f"a version looks like 1.4.0, not {version!r}")
    return tuple(map(int, version.split(".")))


def changelog(old: str, version: str, day: str, notes: list[tuple[Path, str]]) -> str:
    """Return the changelog with a section for the version put above the earlier ones."""
    lines = [f"## {version} ({day})", ""]
    for kind, title in KINDS.items():
        texts = [" ".join(path.read_text("utf-8").split()) for path, found in notes if found == kind]
        if texts:
            lines += [f"### {title}", "", *(f"- {text}" for text in texts), ""]
    head, mark, rest = old.partition("\n## ")
    return f"{head.rstrip()}\n\n{chr(10).join(lines)}{mark}{rest}".rstrip() + "\n"


def left_behind(name: str, version: str, root: Path) -> list[str]:
    """Return the siblings whose range does not allow the version."""
    distribution = TABLE[name][0]
    behind = []
    for sibling in TABLE:
        text = (root / "packages" / sibling / "pyproject.toml").read_text("utf-8")
        for low, high in re.findall(rf'"{distribution}(?:\[[\w,]+\])?>=([\d.]+),<([\d.]+)"', text):
            bounds = [tuple(map(int, bound.split("."))) for bound in (low, high)]
            if not bounds[0] <= number(version) < bounds[1]:
                behind.append(sibling)
    return sorted(set(behind))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Give one package a new version.")
    parser.add_argument("package", choices=TABLE)
    parser.add_argument("version")
    parser.add_argument("--tag", action="store_true", help="commit and tag")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: this one)")
    options = parser.parse_args(arguments)
    package = options.root / "packages" / options.package
    top = TABLE[options.package][1]
    owner = package / "src" / top / "_version.py"
    text = owner.read_text("utf-8")
    found = re.search(r'__version__ = "([\d.]+)"', text)
    if found is None or number(options.version) <= number(found[1]):
        sys.exit(f"{options.package} is at {found and found[1]}; {options.version} is not newer")
    notes = fragments(package)
    if not notes:
        sys.exit(f"{package / 'changes'} has no fragments: a release says what it brings")
    owner.write_text(text.replace(found[0], f'__version__ = "{options.version}"'), "utf-8")
    log = package / "CHANGELOG.md"
    day = datetime.date.today().isoformat()
    log.write_text(changelog(log.read_text("utf-8"), options.version, day, notes), "utf-8")
    for path, _ in notes:
        path.unlink()
    for sibling in left_behind(options.package, options.version, options.root):
        print(f"{sibling} does not allow {options.version} yet: widen its range and release it too")
    tag = f"{options.package}-v{options.version}"
    if options.tag:
        for command in (["add", str(package)], ["commit", "-qm", f"Release {tag}"], ["tag", tag]):
            subprocess.run(["git", *command], cwd=options.root, check=True)
    print(f"{tag}: {found[1]} -> {options.version}, {len(notes)} changes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
