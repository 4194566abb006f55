"""Every block of code in the pages is run, in the order of the page, on the embedded engine.

The blocks of a page share one namespace and one empty working folder. A block of ``text`` right behind one
of ``python`` is what that prints, with ``...`` for anything. A block with test functions is run by pytest.
A comment ``<!-- needs: pyarrow -->`` above a block names a library without which it is passed over.
Commands are not run, but must exist, with their options.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib.util
import io
import logging
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WIDEST = 92
SHELLS = ("sh", "bash", "console")
PAGES = sorted(DOCS.rglob("*.md"))


@dataclass
class Block:
    """One fenced block.

    Attributes:
        language: What stands behind the fence.
        source: What is in it.
        line: Where it begins, from 0.
        needs: The library without which it is passed over.
        prints: What it should print, or None when the page does not say.
    """

    language: str
    source: str
    line: int
    needs: str | None = None
    prints: str | None = None


def blocks(page: Path) -> list[Block]:
    found: list[Block] = []
    needs, neighbour = None, False
    for token in MarkdownIt("commonmark").parse(page.read_text("utf-8")):
        if token.type == "html_block":
            named = re.search(r"<!-- needs: (\w+) -->", token.content)
            needs = named.group(1) if named else None
        elif token.type == "fence":
            language = token.info.strip()
            assert token.map is not None
            if language == "text" and neighbour:
                found[-1].prints = token.content
                neighbour = False
                continue
            found.append(Block(language, token.content, token.map[0] + 1, needs))
            needs, neighbour = None, language == "python"
        elif token.level == 0:
            neighbour = False
    return found


def having(*languages: str) -> list[Any]:
    return [
        pytest.param(page, id=str(page.relative_to(DOCS).with_suffix("")))
        for page in PAGES
        if any(block.language in languages for block in blocks(page))
    ]


def test_blocks_are_of_languages_that_are_looked_at_and_fit_the_page() -> None:
    known = {"", "python", "text", *SHELLS, "json", "yaml", "dockerfile", "ini", "toml"}
    for page in PAGES:
        for block in blocks(page):
            where = f"{page}:{block.line}"
            assert block.language in known or block.language.startswith("{"), where
            widest = max(map(len, block.source.splitlines()), default=0)
            assert widest <= WIDEST or block.language not in known, f"{where}: {widest} characters wide"


def run_tests(source: str, folder: Path) -> None:
    file = folder / "test_page.py"
    file.write_text(source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(file)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout), done.stdout


def run(block: Block, page: Path, namespace: dict[str, Any], folder: Path) -> None:
    if re.search(r"^(async )?def test_", block.source, re.M):
        run_tests(block.source, folder)
        return
    code = compile("\n" * block.line + block.source, str(page), "exec")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, namespace)
    if block.prints is not None:
        same = doctest.OutputChecker().check_output(block.prints, out.getvalue(), doctest.ELLIPSIS)
        assert same, f"{page.name}:{block.line} prints\n{out.getvalue()}\nand the page says\n{block.prints}"


@pytest.mark.parametrize("page", having("python"))
def test_the_code_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PINECONE_API_KEY", "PINECONE_CONTROLLER_HOST", "PINECONE_ADDITIONAL_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    namespace: dict[str, Any] = {"__name__": "page"}
    passed_over = set()
    try:
        for block in blocks(page):
            if block.language != "python":
                continue
            if block.needs and importlib.util.find_spec(block.needs) is None:
                passed_over.add(block.needs)
            else:
                run(block, page, namespace, tmp_path)
    finally:
        close(namespace)
    if passed_over:
        pytest.skip(f"all ran but what needs {', '.join(sorted(passed_over))}")


def close(namespace: dict[str, Any]) -> None:
    """Undo what a page leaves behind, as the end of a program does."""
    from pinecone_local import LocalEngine

    for value in list(namespace.values()):
        if isinstance(value, LocalEngine):
            value.close()
    logging.getLogger("pinecone.http").setLevel(logging.NOTSET)


# ---- commands


def toml(file: Path) -> dict[str, Any]:
    tomllib = pytest.importorskip("tomllib", reason="tomllib came with Python 3.11")
    read: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    return read


@cache
def extras() -> dict[str, set[str]]:
    found = {}
    for file in ROOT.glob("packages/*/pyproject.toml"):
        project = toml(file)["project"]
        found[project["name"]] = set(project.get("optional-dependencies", {}))
    return found


@cache
def scripts() -> set[str]:
    found = set()
    for name, one in toml(ROOT / "pyproject.toml")["tool"]["hatch"]["envs"].items():
        prefix = "" if name == "default" else f"{name}:"
        found |= {f"{prefix}{script}" for script in one.get("scripts", {})}
    return found


@cache
def helped(*command: str) -> str:
    program = [sys.executable, "-m", command[0].replace("-", "_").replace("admin", "admin.cli")]
    done = subprocess.run([*program, *command[1:], "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"there is no command {' '.join(command)}: {done.stderr}"
    return done.stdout


def check_install(words: list[str]) -> None:
    for word in words:
        name, _, rest = word.partition("[")
        if word.startswith("-"):
            continue
        if name.startswith("./"):
            name = toml(ROOT / name / "pyproject.toml")["project"]["name"]
        wanted = {part.strip() for part in rest.rstrip("]").split(",")} - {""}
        if name.startswith("pinecone"):
            assert name in extras(), f"there is no package {name}"
            assert wanted <= extras()[name], f"{name} has no extra {wanted - extras()[name]}"


def check_own(words: list[str]) -> None:
    name, *rest = words
    texts = [helped(name)]
    path = [name]
    for word in rest:
        # Commands are words of the help text; the rest are their arguments.
        if not word.startswith("-") and re.search(
            rf"^ {{2,4}}{re.escape(word)}\b|[{{,]{re.escape(word)}[,}}]", texts[-1], re.M
        ):
            path.append(word)
            texts.append(helped(*path))
        if word.startswith("--"):
            option = word.partition("=")[0]
            assert any(re.search(rf"{option}\b", text) for text in texts), f"{' '.join(path)} has no {option}"
    assert len(path) > 1 or not rest or rest[0].startswith("-"), f"{name} has no command {rest[0]}"


def commands(source: str) -> Iterator[list[str]]:
    for line in re.sub(r"\\\n", " ", source).splitlines():
        for part in re.split(r"&&|\|", line):
            words = shlex.split(part, comments=True)
            while words and (re.match(r"[A-Z_]+=", words[0]) or words[0] == "export"):
                del words[0]
            if words:
                yield words


def check_command(words: list[str]) -> None:
    program, rest = Path(words[0]).name, words[1:]
    for sign in (">", "<"):
        if sign in rest:
            del rest[rest.index(sign) :]
    if program == "pip" and rest[:1] in (["install"], ["uninstall"]):
        check_install(rest[1:])
    elif program == "hatch" and rest[:1] == ["run"]:
        assert rest[1] in scripts(), f"hatch has no script {rest[1]}"
    elif program in ("pinecone-local", "pinecone-admin"):
        check_own([program, *rest])
    else:
        assert program in ("python", "python3", "curl", "docker", "cd", "git", "pytest"), (
            f"what is {program}?"
        )


@pytest.mark.parametrize("page", having(*SHELLS))
def test_the_commands_exist(page: Path) -> None:
    for block in blocks(page):
        if block.language in SHELLS:
            typed = textwrap.dedent(block.source)
            if block.language == "console":
                typed = "\n".join(re.findall(r"^\$ (.*)", typed, re.M))
            for words in commands(typed):
                check_command(words)
