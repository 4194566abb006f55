"""Check what a change owes to each package it touches.

    python tools/changed_packages.py [BASE]     BASE: a commit to compare with (default: the last tag
                                                of each package, or nothing to do where there is none)

A package whose sources changed needs a new fragment in its changes/ folder. A public name that is gone
or that callers must call differently needs one of kind `removed` or `changed`.
"""

from __future__ import annotations

import logging
import subprocess
import sys

import griffe

from bump import fragments
from release import ROOT, TABLE


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def base_of(package: str, base: str | None) -> str:
    """Return the commit to compare a package with; empty when it was never released."""
    return base or git("describe", "--tags", "--abbrev=0", "--match", f"{package}-v*")


def breaks(package: str, base: str) -> list[str]:
    """Return the public names that callers of the base would miss or would have to call differently."""
    top = TABLE[package][1]
    folder = f"packages/{package}/src"
    logging.getLogger("griffe").setLevel(logging.ERROR)
    old = griffe.load_git(top, ref=base, repo=ROOT, search_paths=[folder], resolve_aliases=True)
    new = griffe.load(top, search_paths=[ROOT / folder], resolve_aliases=True)
    return [
        breakage.explain(griffe.ExplanationStyle.ONE_LINE)
        for breakage in griffe.find_breaking_changes(old, new)
    ]


def problems_of(package: str, base: str) -> list[str]:
    if not git("diff", "--name-only", base, "--", f"packages/{package}/src"):
        return []
    notes = fragments(ROOT / "packages" / package)
    if not notes:
        return [f"{package} changed since {base}: add a fragment to packages/{package}/changes/"]
    if {"removed", "changed"} & {kind for _, kind in notes}:
        return []
    found = breaks(package, base)
    return [f"{package}: {line} (announce it: a fragment <what>.changed.md or .removed.md)" for line in found]


def main(arguments: list[str]) -> int:
    given = arguments[0] if arguments else None
    problems: list[str] = []
    for package in TABLE:
        base = base_of(package, given)
        problems += problems_of(package, base) if base else []
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
