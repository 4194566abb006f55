"""The command ``pinecone-local``: serve a folder, look into it, check it, copy it."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ._version import __version__
from .errors import EngineError

if TYPE_CHECKING:
    from .account.account import ServiceAccount

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, 1 for a refusal, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EngineError as error:
        print(f"pinecone-local: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output left; that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pinecone-local", description="A local engine for the Pinecone API."
    )
    parser.add_argument("--version", action="version", version=f"pinecone-local {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve the API over HTTP")
    serve.add_argument("--port", type=int, default=5081, help="the port; 0 takes a free one (default 5081)")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at (default 127.0.0.1)")
    serve.add_argument("--data-dir", type=Path, help="the folder to keep everything in (default: memory)")
    serve.add_argument(
        "--api-key", action="append", default=[], help="a key that is let in; needed off this machine"
    )
    serve.add_argument("--client-id", help="serve the admin API too, to a service account of this id")
    serve.add_argument("--client-secret", help="the account's secret (default: PINECONE_CLIENT_SECRET)")
    serve.add_argument(
        "--host-format",
        choices=["url", "bare", "virtual"],
        default="url",
        help="how index hosts are reported: http://HOST/_index/..., the same without http://, "
        "or http://INDEX.HOST",
    )
    serve.add_argument("--allowed-host", action="append", default=[], help="a further name of this server")
    serve.add_argument("--public-url", help="the URL under which clients reach the server through a proxy")
    serve.add_argument("--tls-cert", help="a certificate file (PEM)")
    serve.add_argument("--tls-key", help="the certificate's key file (PEM)")
    serve.add_argument("--ready-after", type=float, default=0.0, help="seconds until new indexes are ready")
    serve.add_argument("--visible-after", type=float, default=0.0, help="seconds until reads see a write")
    serve.add_argument(
        "--approximate-from",
        type=int,
        metavar="RECORDS",
        help="search namespaces of at least so many records by an approximate index (default: never)",
    )
    serve.add_argument("--faults", action="store_true", help="let PUT /_local/faults make faults on purpose")
    serve.add_argument("--log", action="store_true", help="log every request to stderr, a JSON object each")
    serve.set_defaults(run=_serve)
    for name, run, about in (
        ("stats", _stats, "show what a folder holds"),
        ("verify", _verify, "check every stored byte of a folder"),
        ("dump", _dump, "write a folder's indexes and records to stdout, a JSON object a line"),
        ("load", _load, "read what dump wrote from stdin into a folder"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("folder", type=Path)
        command.set_defaults(run=run)
    load = commands.add_parser("import", help="import Parquet files into an index of a folder")
    load.add_argument("folder", type=Path)
    load.add_argument("index")
    load.add_argument("file", type=Path, help="a Parquet file, or a folder of them")
    load.set_defaults(run=_import)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from .engine import LocalEngine
    from .faults import Faults
    from .server.running import LocalServer

    if options.log:
        log = logging.getLogger("pinecone_local")
        log.addHandler(logging.StreamHandler())
        log.setLevel(logging.INFO)
    with ExitStack() as stack:
        faults = Faults() if options.faults else None
        engine = LocalEngine(
            options.data_dir,
            ready_after=options.ready_after,
            visible_after=options.visible_after,
            faults=faults,
            account=_account(options.client_id, options.client_secret),
            approximate_from=options.approximate_from,
        )
        stack.enter_context(engine)
        server = LocalServer(
            engine,
            host=options.host,
            port=options.port,
            api_keys=options.api_key,
            allowed_hosts=options.allowed_host,
            public_url=options.public_url,
            host_format=options.host_format,
            tls_cert=options.tls_cert,
            tls_key=options.tls_key,
        )
        where = "in memory" if options.data_dir is None else f"from {options.data_dir}"
        server.run(lambda: print(f"Serving {where} at {server.url} (stop with Ctrl-C)", flush=True))
    return 0


def _account(client_id: str | None, client_secret: str | None) -> ServiceAccount | None:
    from .account.account import ServiceAccount

    if client_id is None and client_secret is None:
        return None
    secret = client_secret or os.environ.get("PINECONE_CLIENT_SECRET")
    if not client_id or not secret:
        raise EngineError("Give both --client-id and --client-secret (or PINECONE_CLIENT_SECRET).")
    return ServiceAccount(client_id, secret)


def _existing(folder: Path) -> Path:
    from .store.sqlite import FILE_NAME

    if not (folder / FILE_NAME).is_file():
        raise EngineError(f"There is no store in {str(folder)!r}.")
    return folder


def _folders(folder: Path) -> list[Path]:
    """Return a folder with a store and those of its account's projects."""
    from .store.sqlite import FILE_NAME

    return [_existing(folder), *sorted(found.parent for found in folder.glob(f"projects/*/{FILE_NAME}"))]


def _stats(options: argparse.Namespace) -> int:
    from .engine import LocalEngine

    for folder in _folders(options.folder):
        if folder != options.folder:
            print(f"project {folder.name}")
        with LocalEngine(folder) as engine:
            for index in engine.project.indexes.values():
                row = index.row
                shape = row.vector_type if row.dimension is None else f"{row.vector_type}, {row.dimension}"
                size = f"{index.data.count:,} records, {index.data.size:,} bytes"
                print(f"{row.name}  ({shape}, {row.metric})  {size}")
                for entry in index.data.entries():
                    print(f"  {entry.name or '__default__'}  {entry.count:,} records, {entry.size:,} bytes")
            for what in ("collections", "backups"):
                if count := len(getattr(engine.project, what)):
                    print(f"{what}: {count}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from .store.sqlite import SqliteStore

    faults: list[str] = []
    for folder in _folders(options.folder):
        store = SqliteStore(folder)
        try:
            faults += store.verify()
        finally:
            store.close()
    for fault in faults:
        print(fault)
    print("The store is sound." if not faults else f"{len(faults)} faults found.")
    return 1 if faults else 0


def _dump(options: argparse.Namespace) -> int:
    from .copying import dump
    from .engine import LocalEngine

    with LocalEngine(_existing(options.folder)) as engine:
        for line in dump(engine):
            sys.stdout.write(line.decode() + "\n")
    return 0


def _load(options: argparse.Namespace) -> int:
    from .copying import load
    from .engine import LocalEngine

    with LocalEngine(options.folder) as engine:
        count = load(engine, sys.stdin.buffer)
    print(f"Loaded {count:,} records.", file=sys.stderr)
    return 0


def _import(options: argparse.Namespace) -> int:
    from .engine import LocalEngine
    from .http import Call

    with LocalEngine(_existing(options.folder)) as engine:
        index = engine.project.indexes.get(options.index)
        if index is None:
            raise EngineError(f"There is no index {options.index!r} in {str(options.folder)!r}.")
        body = json.dumps(
            {"uri": options.file.resolve().as_uri(), "errorMode": {"onError": "abort"}}
        ).encode()
        target = f"/_index/{index.row.label}/bulk/imports"
        answer = json.loads(engine.handle(Call.make("POST", target, {}, body)).read())
        if "id" not in answer:
            raise EngineError(answer["message"])
        engine.join()
        job = engine.project.imports[answer["id"]]
    if job.status != "Completed":
        raise EngineError(f"The import failed after {job.records:,} records: {job.error}")
    print(f"Imported {job.records:,} records.")
    return 0
