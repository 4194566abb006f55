"""Change core's pure files in thousands of small ways, and see whether their tests notice.

    python tools/mutate.py [FILE ...]

Works on a copy in ``build/mutation``, with mutmut. Lists the changes that no test notices, by file, and
exits with 1 when they are a tenth or more. With names of files (``retry codec``) only these are changed;
``--show`` prints what was changed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

from release import ROOT

CORE = ROOT / "packages" / "core" / "src" / "pinecone_core"
PLACE = ROOT / "build" / "mutation"
MOST = 0.10

#: What is not pure: it sends, draws on a terminal, or only declares types and hands on to another library.
APART = {"aiohttp_transport", "model_names", "on_asyncio", "progress", "tracing", "transport"}
#: Whose constructor is copied by its code object, which a changed one would not have.
COPIED = "class _StatusError(ApiError):"

SETTLED = """

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("mutation")
"""


def pure_files() -> list[str]:
    """Return the names of the files to change."""
    names = (path.stem for path in CORE.glob("*.py") if not path.stem.startswith("_"))
    return sorted(set(names) - APART)


def tests_of(names: list[str]) -> list[str]:
    """Return the test files of these files, as far as they have one of their own."""
    found = (ROOT / "tests" / "core" / f"test_{name}.py" for name in names)
    return [path.relative_to(ROOT).as_posix() for path in found if path.exists()]


def lay_out(changed: list[str]) -> None:
    """Make the copy, and say what is to be changed in it."""
    shutil.rmtree(PLACE, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CORE, PLACE / "src" / CORE.name, ignore=ignored)
    shutil.copytree(ROOT / "tests" / "core", PLACE / "tests" / "core", ignore=ignored)
    conftest = (ROOT / "tests" / "conftest.py").read_text("utf-8")
    (PLACE / "tests" / "conftest.py").write_text(conftest + SETTLED, "utf-8")
    errors = PLACE / "src" / CORE.name / "errors.py"
    text = errors.read_text("utf-8")
    assert COPIED in text
    errors.write_text(text.replace(COPIED, f"{COPIED}  # pragma: no mutate block"), "utf-8")
    # The tests begin their own interpreters too; the path must be there before mutmut's begins.
    (PLACE / "mutants" / "src").mkdir(parents=True)
    settings = {
        "source_paths": ["src/"],
        "only_mutate": [f"src/{CORE.name}/{name}.py" for name in changed],
        "pytest_add_cli_args_test_selection": tests_of(pure_files()),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (PLACE / "pyproject.toml").write_text("\n".join(["[tool.mutmut]", *lines, ""]), "utf-8")
    (PLACE / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", "utf-8")


def mutmut(*arguments: str, quiet: bool = False) -> str:
    """Run mutmut in the copy; return what it printed."""
    there = {**os.environ, "PYTHONPATH": str(PLACE / "mutants" / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=PLACE, env=there, capture_output=True, text=True)
    if done.returncode and not quiet:
        last = "\n".join(re.split(r"[\r\n]+", done.stdout + done.stderr)[-40:])
        sys.exit(f"mutmut {' '.join(arguments)} ended with {done.returncode}:\n{last}")
    return done.stdout


def unnoticed() -> tuple[int, list[str]]:
    """Return how many changes there were, and the names of those that nothing noticed."""
    total, names = 0, []
    for line in mutmut("results", "--all", "true").splitlines():
        name, _, state = line.strip().partition(": ")
        if "__mutmut_" not in name:
            continue
        total += 1
        if state in ("survived", "no tests"):
            names.append(name)
    return total, names


def main() -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", choices=[*pure_files(), []], metavar="FILE")
    parser.add_argument("--show", action="store_true", help="print what was changed")
    options = parser.parse_args()
    lay_out(options.files or pure_files())
    mutmut("run")
    total, names = unnoticed()
    counted = Counter(name.split(".")[1] for name in names)
    for file, count in sorted(counted.items()):
        print(f"{file}: {count}")
        for name in names if options.show else ():
            if name.split(".")[1] == file:
                changes = mutmut("show", name).splitlines()
                print(*(line for line in changes if re.match(r"[-+] ", line)), "", sep="\n")
    share = len(names) / max(1, total)
    print(f"{len(names)} of {total} changes were not noticed: {100 * share:.1f} %")
    return 1 if share >= MOST or not total else 0


if __name__ == "__main__":
    sys.exit(main())
