"""Every operation of the clients, as a call that succeeds in a world made for it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal

import pinecone
from pinecone import AsyncPinecone, Pinecone, RetryConfig, ServerlessSpec
from pinecone_admin import Admin, AsyncAdmin
from pinecone_local import LocalEngine, ServiceAccount

PACKAGES = Path(__file__).parents[2] / "packages"
SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
ACCOUNT = ServiceAccount("fault-client", "fault-secret")
SPARSE = "pinecone-sparse-english-v0"
SCHEMA = {"fields": {"title": {"type": "string", "full_text_search": {}}}}


@dataclass
class World:
    """An engine with one of everything, and what its things are called."""

    engine: LocalEngine
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def plain(cls) -> World:
        world = cls(LocalEngine())
        pc = Pinecone(api_key="local", transport=world.engine.transport())
        pc.create_index(name="movies", dimension=2, spec=SPEC)
        index = pc.index("movies")
        index.upsert(vectors=[("a", [0.1, 0.2], {"genre": "drama"}), ("b", [0.2, 0.1])])
        index.upsert(vectors=[("a", [0.1, 0.2])], namespace="films")
        embed = {"model": SPARSE, "field_map": {"text": "text"}}
        pc.create_index_for_model(name="texts", cloud="aws", region="us-east-1", embed=embed)
        pc.index("texts").upsert_records(namespace="n", records=[{"_id": "a", "text": "bees sleep"}])
        pod = pinecone.PodSpec(environment="e", pod_type="p1.x1")
        pc.create_index(name="pods", dimension=2, spec=pod)
        pc.collections.create(name="kept", source="pods")
        world.ids["backup"] = pc.backups.create(index_name="movies").backup_id
        pc.create_index_from_backup(name="again", backup_id=world.ids["backup"])
        world.ids["job"] = pc.restore_jobs.list()[0].restore_job_id
        pc.preview.indexes.create(name="pages", schema=SCHEMA)
        documents = pc.preview.index(name="pages").documents
        documents.upsert(namespace="n", documents=[{"_id": "a", "title": "bees"}])
        pc.assistants.create(name="guide")
        file = pc.assistants.upload_file(
            assistant_name="guide", file_stream=b"Bees sleep.", file_name="a.txt"
        )
        world.ids["file"] = file.id
        for name in ("movies", "texts", "pages"):
            world.ids[name] = next(
                label for label, held in world.engine.project.by_label.items() if held.row.name == name
            )
        return world

    @classmethod
    def administered(cls) -> World:
        world = cls(LocalEngine(account=ACCOUNT))
        admin = Admin(client_id=ACCOUNT.client_id, client_secret=ACCOUNT.client_secret, **world.door())
        world.ids["organization"] = admin.organizations.list()[0].id
        world.ids["project"] = admin.projects.create(name="empty").id
        world.ids["key"] = admin.api_keys.create(project_id=world.ids["project"], name="k").key.id
        return world

    def door(self) -> dict[str, Any]:
        return {"transport": self.engine.transport()}


class Ends:
    """A client of one flavour at a server, and how its calls are run."""

    def __init__(
        self, flavour: str, origin: str, portal: BlockingPortal, world: World, **options: Any
    ) -> None:
        self.flavour, self.portal, self.ids = flavour, portal, world.ids
        self.options = {"retry_config": RetryConfig(max_retries=2), "timeout": 600.0, **options}
        self.origin = origin
        self._pc: Any = None
        self._admin: Any = None

    @property
    def pc(self) -> Any:
        if self._pc is None:
            kind: Any = Pinecone if self.flavour == "sync" else AsyncPinecone
            self._pc = kind(**{"api_key": "local", "host": self.origin, **self.options})
        return self._pc

    @property
    def admin(self) -> Any:
        if self._admin is None:
            kind: Any = Admin if self.flavour == "sync" else AsyncAdmin
            self._admin = kind(
                client_id=ACCOUNT.client_id,
                client_secret=ACCOUNT.client_secret,
                host=self.origin,
                oauth_host=self.origin,
                **self.options,
            )
        return self._admin

    def index(self, name: str = "movies") -> Any:
        return self.run(self.pc.index(host=f"{self.origin}/_index/{self.ids[name]}"))

    @property
    def documents(self) -> Any:
        host = f"{self.origin}/_index/{self.ids['pages']}"
        return self.run(self.pc.preview.index(host=host)).documents

    def run(self, value: Any) -> Any:
        """Return a value, the result of awaiting it, or all that it yields."""
        if inspect.isawaitable(value):

            async def wait() -> Any:
                return await value

            value = self.portal.call(wait)
        if hasattr(value, "__aiter__"):

            async def gather() -> list[Any]:
                return [item async for item in value]

            return self.portal.call(gather)
        return list(value) if hasattr(value, "__next__") or hasattr(value, "pages") else value

    def close(self) -> None:
        for client in (self._pc, self._admin):
            if client is not None:
                self.run(client.close())


@dataclass(frozen=True)
class Trial:
    """One operation.

    Attributes:
        name: The operation's name, as errors and traces have it.
        call: Does it.
        safe: Whether doing it twice has the effect of doing it once.
    """

    name: str
    call: Callable[[Ends], Any]
    safe: bool = True


MESSAGES = [{"role": "user", "content": "When do bees sleep?"}]
VECTOR = {"vector": [0.1, 0.2], "top_k": 1}

PLAIN = [
    Trial("list_indexes", lambda e: e.pc.indexes.list()),
    Trial("describe_index", lambda e: e.pc.indexes.describe("movies")),
    Trial(
        "create_index", lambda e: e.pc.indexes.create(name="new", dimension=2, spec=SPEC, timeout=-1), False
    ),
    Trial(
        "create_index_for_model",
        lambda e: e.pc.create_index_for_model(
            name="new",
            cloud="aws",
            region="us-east-1",
            embed={"model": SPARSE, "field_map": {"text": "t"}},
            timeout=-1,
        ),
        False,
    ),
    Trial(
        "create_index_from_backup",
        lambda e: e.pc.create_index_from_backup(name="new", backup_id=e.ids["backup"], timeout=-1),
        False,
    ),
    Trial("configure_index", lambda e: e.pc.indexes.configure("movies", tags={"a": "b"})),
    Trial("delete_index", lambda e: e.pc.indexes.delete("movies", timeout=-1), False),
    Trial("list_collections", lambda e: e.pc.collections.list()),
    Trial("describe_collection", lambda e: e.pc.collections.describe("kept")),
    Trial("create_collection", lambda e: e.pc.collections.create(name="new", source="pods"), False),
    Trial("delete_collection", lambda e: e.pc.collections.delete("kept"), False),
    Trial("list_backups", lambda e: e.pc.backups.list()),
    Trial("describe_backup", lambda e: e.pc.backups.describe(backup_id=e.ids["backup"])),
    Trial("create_backup", lambda e: e.pc.backups.create(index_name="movies"), False),
    Trial("delete_backup", lambda e: e.pc.backups.delete(backup_id=e.ids["backup"]), False),
    Trial("list_restore_jobs", lambda e: e.pc.restore_jobs.list()),
    Trial("describe_restore_job", lambda e: e.pc.restore_jobs.describe(job_id=e.ids["job"])),
    Trial("upsert", lambda e: e.index().upsert(vectors=[("c", [0.1, 0.2])])),
    Trial(
        "upsert_records",
        lambda e: e.index("texts").upsert_records(namespace="n", records=[{"_id": "b", "text": "x"}]),
    ),
    Trial("query", lambda e: e.index().query(**VECTOR)),
    Trial(
        "search",
        lambda e: e.index("texts").search(namespace="n", top_k=1, inputs={"text": "bees"}),
    ),
    Trial("fetch", lambda e: e.index().fetch(ids=["a"])),
    Trial("fetch_by_metadata", lambda e: e.index().fetch_by_metadata(filter={"genre": "drama"})),
    Trial("update", lambda e: e.index().update(id="a", values=[0.5, 0.5])),
    Trial("delete", lambda e: e.index().delete(ids=["a"])),
    Trial("list", lambda e: e.index().list_paginated()),
    Trial("describe_index_stats", lambda e: e.index().describe_index_stats()),
    Trial("list_namespaces", lambda e: e.index().list_namespaces_paginated()),
    Trial("describe_namespace", lambda e: e.index().describe_namespace(name="films")),
    Trial("create_namespace", lambda e: e.index().create_namespace(name="new"), False),
    Trial("delete_namespace", lambda e: e.index().delete_namespace(name="films")),
    Trial("start_import", lambda e: e.index().start_import("s3://bucket/x"), False),
    Trial("list_imports", lambda e: e.index().list_imports_paginated()),
    Trial("describe_import", lambda e: e.index().describe_import("1")),
    Trial("cancel_import", lambda e: e.index().cancel_import("1")),
    Trial("embed", lambda e: e.pc.inference.embed(SPARSE, ["bees"], {"input_type": "query"})),
    Trial("rerank", lambda e: e.pc.inference.rerank("bge-reranker-v2-m3", "bees", ["bees", "wasps"])),
    Trial("list_models", lambda e: e.pc.inference.list_models(refresh=True)),
    Trial("get_model", lambda e: e.pc.inference.get_model(model=SPARSE, refresh=True)),
    Trial("list_assistants", lambda e: e.pc.assistants.list_page()),
    Trial("describe_assistant", lambda e: e.pc.assistants.describe(name="guide")),
    Trial("create_assistant", lambda e: e.pc.assistants.create(name="new", timeout=-1), False),
    Trial("update_assistant", lambda e: e.pc.assistants.update(name="guide", instructions="Be short.")),
    Trial("delete_assistant", lambda e: e.pc.assistants.delete(name="guide", timeout=-1)),
    Trial("list_files", lambda e: e.pc.assistants.list_files_page(assistant_name="guide")),
    Trial(
        "describe_file",
        lambda e: e.pc.assistants.describe_file(assistant_name="guide", file_id=e.ids["file"]),
    ),
    Trial(
        "upload_file",
        lambda e: e.pc.assistants.upload_file(
            assistant_name="guide", file_stream=b"Wasps sleep too.", file_name="b.txt", timeout=-1
        ),
        False,
    ),
    Trial(
        "upsert_file",
        lambda e: e.pc.assistants.upload_file(
            assistant_name="guide", file_stream=b"So do flies.", file_name="c.txt", file_id="f-1", timeout=-1
        ),
        False,
    ),
    Trial(
        "delete_file",
        lambda e: e.pc.assistants.delete_file(assistant_name="guide", file_id=e.ids["file"], timeout=-1),
    ),
    Trial("chat", lambda e: e.pc.assistants.chat(assistant_name="guide", messages=MESSAGES), False),
    Trial(
        "chat_completions",
        lambda e: e.pc.assistants.chat_completions(assistant_name="guide", messages=MESSAGES),
        False,
    ),
    Trial("context", lambda e: e.pc.assistants.context(assistant_name="guide", query="bees"), False),
    Trial("list_operations", lambda e: e.pc.assistants.list_operations_page(assistant_name="guide")),
    Trial(
        "describe_operation",
        lambda e: e.pc.assistants.describe_operation(assistant_name="guide", operation_id="work-1"),
    ),
    Trial(
        "evaluate_alignment",
        lambda e: e.pc.assistants.evaluate_alignment(question="q", answer="a", ground_truth_answer="a"),
        False,
    ),
    Trial("list_indexes", lambda e: e.pc.preview.indexes.list()),
    Trial("describe_index", lambda e: e.pc.preview.indexes.describe("pages")),
    Trial("create_index", lambda e: e.pc.preview.indexes.create(name="new", schema=SCHEMA), False),
    Trial("configure_index", lambda e: e.pc.preview.indexes.configure("pages", tags={"a": "b"})),
    Trial("delete_index", lambda e: e.pc.preview.indexes.delete("pages", timeout=-1), False),
    Trial("create_backup", lambda e: e.pc.preview.indexes.create_backup("movies"), False),
    Trial("list_backups", lambda e: e.pc.preview.indexes.list_backups("movies")),
    Trial("describe_backup", lambda e: e.pc.preview.indexes.describe_backup(e.ids["backup"])),
    Trial(
        "upsert_documents",
        lambda e: e.documents.upsert(namespace="n", documents=[{"_id": "b", "title": "wasps"}]),
    ),
    Trial(
        "search_documents",
        lambda e: e.documents.search(
            namespace="n", top_k=1, score_by=[{"type": "text", "field": "title", "query": "bees"}]
        ),
    ),
    Trial("fetch_documents", lambda e: e.documents.fetch(namespace="n", ids=["a"])),
    Trial("delete_documents", lambda e: e.documents.delete(namespace="n", ids=["a"])),
]

ADMINISTERED = [
    # Sent before the first call of an administrator.
    Trial("get_token", lambda e: e.admin.projects.list()),
    Trial("list_organizations", lambda e: e.admin.organizations.list()),
    Trial(
        "describe_organization",
        lambda e: e.admin.organizations.describe(organization_id=e.ids["organization"]),
    ),
    Trial(
        "update_organization",
        lambda e: e.admin.organizations.update(organization_id=e.ids["organization"], name="other"),
    ),
    Trial(
        "delete_organization",
        lambda e: e.admin.organizations.delete(organization_id=e.ids["organization"]),
        False,
    ),
    Trial("list_projects", lambda e: e.admin.projects.list()),
    Trial("describe_project", lambda e: e.admin.projects.describe(project_id=e.ids["project"])),
    Trial("create_project", lambda e: e.admin.projects.create(name="new"), False),
    Trial("update_project", lambda e: e.admin.projects.update(project_id=e.ids["project"], name="other")),
    Trial("delete_project", lambda e: e.admin.projects.delete(project_id=e.ids["project"]), False),
    Trial("list_api_keys", lambda e: e.admin.api_keys.list(project_id=e.ids["project"])),
    Trial("describe_api_key", lambda e: e.admin.api_keys.describe(api_key_id=e.ids["key"])),
    Trial("create_api_key", lambda e: e.admin.api_keys.create(project_id=e.ids["project"], name="x"), False),
    Trial("update_api_key", lambda e: e.admin.api_keys.update(api_key_id=e.ids["key"], name="y")),
    Trial("delete_api_key", lambda e: e.admin.api_keys.delete(api_key_id=e.ids["key"]), False),
]

_IMPORT = b'{"id":"1","uri":"s3://x/y","status":"Completed","createdAt":"2025-01-01T00:00:00Z"}'
#: Good answers for what the engine does with a library that is not here, finishes at once, or never does.
_CANNED = {
    ("POST", r".*/bulk/imports"): b'{"id":"1"}',
    ("GET", r".*/bulk/imports"): b'{"data":[]}',
    ("GET", r".*/bulk/imports/1"): _IMPORT,
    ("DELETE", r".*/bulk/imports/1"): b"{}",
    ("GET", r".*/operations/guide/work-1"): b'{"id":"work-1","status":"Processing"}',
    ("DELETE", r"/admin/organizations/[^/]+"): b"{}",
}


def canned(method: str, target: str) -> bytes | None:
    """Return a good answer to what the engine here does not do, or None for what it does."""
    path = target.partition("?")[0]
    answers = (
        body for (verb, where), body in _CANNED.items() if verb == method and re.fullmatch(where, path)
    )
    return next(answers, None)


def operation_names() -> Iterator[str]:
    """Yield the name of every operation in the packages' sources."""
    for file in PACKAGES.glob("*/src/*/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("Operation"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
