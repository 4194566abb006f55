"""Check who imports whom: the rules that keep the packages apart and the pure files pure.

    python tools/check_imports.py

Every import counts, also inside functions and under TYPE_CHECKING, where only the standard library
is free. Relative imports and `importlib.import_module("...")` are resolved.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {
    "pinecone_core": "core",
    "pinecone_db": "db",
    "pinecone_inference": "inference",
    "pinecone_assistant": "assistant",
    "pinecone_admin": "admin",
    "pinecone_local": "local",
    "pinecone": "meta",
}
LAYERS = {"models", "_protocol", "_async", "_sync"}
NETWORK = frozenset({"asyncio", "http.client", "select", "selectors", "socket", "ssl", "urllib.request"})
CONCURRENCY = frozenset({"asyncio", "concurrent", "multiprocessing", "queue", "threading"})
IMPURE = NETWORK | CONCURRENCY | {"random", "secrets", "subprocess", "time"}
CLOCK_AND_CHANCE = frozenset(
    {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid4"}
)
STANDARD = sys.stdlib_module_names | {"tomllib"}  # the newest one, whatever Python runs this
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv"})


@dataclass(frozen=True)
class Area:
    """What the files that match `files` (package/path inside it; the first match counts) may use."""

    files: str
    workspace: frozenset[str]  # layers: "core", "core._async", "own.models" ...; "*" is any
    third_party: frozenset[str]
    never: frozenset[str] = frozenset()  # of the standard library, except under TYPE_CHECKING
    uses: frozenset[str] = frozenset()  # dotted names that may not stand in the code


def area(files: str, workspace: str, third_party: str = "", never: frozenset[str] = frozenset()) -> Area:
    """Make an area. Who may not import the clock may not read it; only config reads the environment."""
    exempt = files.startswith(("core/config.py", "local/"))
    uses = (CLOCK_AND_CHANCE if "time" in never else frozenset()) | (frozenset() if exempt else ENVIRONMENT)
    return Area(files, frozenset(workspace.split()), frozenset(third_party.split()), never, uses)


AREAS = [
    area("core/__init__.py", "core core._async core._sync"),
    area("core/_async/library.py", "core core._async", "httpcore", CONCURRENCY),
    area("core/_async/transport.py", "core core._async", "anyio certifi", CONCURRENCY),
    area("core/_async/*", "core core._async", "anyio", CONCURRENCY),
    area("core/_sync/concurrency.py", "core core._sync", "", frozenset({"asyncio"})),
    area("core/_sync/library.py", "core core._sync", "httpcore", CONCURRENCY),
    area("core/_sync/transport.py", "core core._sync", "certifi", CONCURRENCY),
    area("core/_sync/*", "core core._sync", "", CONCURRENCY),
    area("core/aiohttp_transport.py", "core core._async", "aiohttp yarl"),
    area("core/on_asyncio.py", "core"),
    area("core/reading.py", "core", "", CONCURRENCY),
    area("core/multipart.py", "core core._async", "", NETWORK | CONCURRENCY),
    area("core/call_log.py", "core", "", NETWORK | CONCURRENCY),
    area("core/tracing.py", "core", "opentelemetry", NETWORK | CONCURRENCY),
    area("core/progress.py", "core", "tqdm", IMPURE),
    area("core/config.py", "core", "msgspec", IMPURE),
    area("core/vectors.py", "core", "msgspec orjson", IMPURE),
    area("core/*", "core", "msgspec", IMPURE),
    area(
        "local/*",
        "core own own.models",
        "anyio faiss msgspec numpy pyarrow pypdf pytest python_multipart safetensors tokenizers uvicorn "
        "wordllama",
    ),
    area("admin/cli/*", "core own own._sync own.models", "click rich yaml", NETWORK | CONCURRENCY),
    area("meta/*", "*", "", NETWORK),
    area("*/models/*", "core own.models", "msgspec", IMPURE),
    area("*/_protocol/*", "core own.models own._protocol", "", IMPURE),
    area("*/_async/*", "core core._async own own.models own._protocol own._async", "", NETWORK | CONCURRENCY),
    area("db/parquet.py", "core own.models", "pyarrow"),
    area("db/_sync/later.py", "core", "", NETWORK),
    area("*/_sync/*", "core core._sync own own.models own._protocol own._sync", "", NETWORK | CONCURRENCY),
    area("*", "core core._async core._sync own own.models own._protocol own._async own._sync", "", NETWORK),
]


def layer_of(module: str) -> str | None:
    """Return "db.models" for pinecone_db.models.vector, "db" for pinecone_db.client, None for others."""
    top, _, rest = module.partition(".")
    layer = rest.partition(".")[0]
    package = PACKAGES.get(top)
    return f"{package}.{layer}" if package and layer in LAYERS else package


def imports(tree: ast.Module, module: list[str]) -> Iterator[tuple[ast.AST, str]]:
    """Yield every imported dotted name; `from a import b` gives a.b. `module` is that of the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(module[: len(module) - node.level]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            yield from ((node, f"{base}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from ((node, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant))


def under(name: str, prefixes: frozenset[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def typing_only(tree: ast.Module) -> set[ast.AST]:
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    return {inner for block in blocks for statement in block.body for inner in ast.walk(statement)}


def check_source(source: str, package: str, path: str) -> list[str]:
    """Return what is wrong in one file, `path` being relative to the import package."""
    rules = next(rules for rules in AREAS if fnmatchcase(f"{package}/{path}", rules.files))
    tree = ast.parse(source)
    top = next(name for name, folder in PACKAGES.items() if folder == package)
    free = typing_only(tree)
    problems = []
    for node, name in imports(tree, [top, *path.removesuffix(".py").split("/")]):
        layer = layer_of(name)
        own = layer.replace(package, "own", 1) if layer and layer.split(".")[0] == package else layer
        root = name.partition(".")[0]
        if layer:
            allowed = bool({"*", layer, own} & rules.workspace)
        elif root in STANDARD:
            allowed = node in free or not under(name, rules.never)
        elif root == "typing_extensions":
            allowed = node in free  # type checkers bring it, installations may lack it
        else:
            allowed = root in rules.third_party
        if not allowed or name in rules.uses:
            problems.append(f"{package}/{path}:{getattr(node, 'lineno', 0)}: may not import {name}")
    for node in ast.walk(tree):
        used = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        if used.endswith(tuple(rules.uses)):
            problems.append(f"{package}/{path}:{getattr(node, 'lineno', 0)}: may not use {used}")
    return problems


def main() -> int:
    problems: list[str] = []
    for top, package in PACKAGES.items():
        folder = ROOT / "packages" / package / "src" / top
        for file in sorted(folder.rglob("*.py")):
            problems += check_source(file.read_text("utf-8"), package, file.relative_to(folder).as_posix())
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
