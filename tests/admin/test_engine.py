"""The admin client and its command against the embedded engine: real tokens, and keys that really open."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinecone_admin import Admin, AsyncAdmin
from pinecone_core.config import RetryConfig
from pinecone_core.errors import (
    ForbiddenError,
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    UnauthorizedError,
)
from pinecone_core.transport import Request

local = pytest.importorskip("pinecone_local")
pinecone_db = pytest.importorskip("pinecone_db")
yaml = pytest.importorskip("yaml")
pytest.importorskip("click")

ID, SECRET = "the-account", "the-account-secret"
SPEC = pinecone_db.ServerlessSpec(cloud="aws", region="us-east-1")


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(clock: Clock) -> Iterator[Any]:
    with local.LocalEngine(account=local.ServiceAccount(ID, SECRET), clock=clock) as engine:
        yield engine


@pytest.fixture
def admin(engine: Any) -> Admin:
    return Admin(client_id=ID, client_secret=SECRET, transport=engine.transport())


def database(engine: Any, key: str) -> Any:
    return pinecone_db.PineconeDB(api_key=key, transport=engine.transport())


def test_a_key_opens_its_project_until_it_is_deleted(engine: Any, admin: Admin) -> None:
    project = admin.projects.create(name="films")
    made = admin.api_keys.create(project_id=project.id, name="ci")
    pc = database(engine, made.value)
    pc.create_index("movies", SPEC, 2)
    pc.index("movies").upsert(vectors=[("a", [1.0, 0.0])])
    assert pc.index("movies").query(vector=[1.0, 0.0], top_k=1).matches[0].id == "a"
    other = admin.api_keys.create(project_id=admin.projects.create(name="books").id, name="ci")
    assert database(engine, other.value).list_indexes().names() == []
    admin.api_keys.update(api_key_id=made.key.id, roles=["DataPlaneViewer"])
    with pytest.raises(ForbiddenError, match="may not write the data plane"):
        pc.index("movies").upsert(vectors=[("b", [1.0, 0.0])])
    admin.api_keys.delete(api_key_id=made.key.id)
    with pytest.raises(UnauthorizedError, match="Invalid API key"):
        pc.list_indexes()


def test_a_token_is_renewed_when_it_is_over(engine: Any, admin: Admin, clock: Clock) -> None:
    admin.projects.list()
    clock.now += 5_000  # over at the engine, whatever the client's own clock says
    assert admin.projects.list().names() == ["default"]
    wrong = Admin(client_id=ID, client_secret="wrong", transport=engine.transport())
    with pytest.raises(UnauthorizedError):
        wrong.projects.list()


def test_cleanup_empties_everything(engine: Any, admin: Admin) -> None:
    project = admin.projects.create(name="films")
    pc = database(engine, admin.api_keys.create(project_id=project.id, name="ci").value)
    for number in range(3):
        pc.create_index(f"i-{number}", SPEC, 2)
        pc.backups.create(index_name=f"i-{number}", name=f"b-{number}")
    seen = admin.projects.delete_with_cleanup(project_id=project.id, dry_run=True)
    assert (len(seen.indexes), len(seen.backups)) == (3, 3)
    admin.projects.delete_with_cleanup(project_id=project.id)
    with pytest.raises(NotFoundError):
        admin.projects.describe(project_id=project.id)


class Losing:
    """A transport that loses the answer to the creation of a key."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def send(self, request: Request) -> Any:
        reply = self._inner.send(request)
        if request.method == "POST" and request.target.endswith("/api-keys"):
            raise PineconeConnectionError("the answer was lost", sent=True)
        return reply

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    def close(self) -> None: ...


def test_a_key_whose_answer_was_lost_is_deleted(engine: Any, admin: Admin) -> None:
    project = admin.projects.create(name="films")
    once = RetryConfig(max_retries=0)
    losing = Admin(
        client_id=ID, client_secret=SECRET, transport=Losing(engine.transport()), retry_config=once
    )
    with pytest.raises(PineconeConnectionError, match="was lost"):
        losing.projects.delete_with_cleanup(project_id=project.id)
    assert admin.api_keys.list(project_id=project.id).names() == []


@pytest.mark.anyio
async def test_a_key_of_a_cancelled_request_is_deleted(engine: Any, admin: Admin, anyio_backend: Any) -> None:
    import anyio

    inner = engine.transport()
    made = anyio.Event()

    class Hanging:
        async def asend(self, request: Request) -> Any:
            reply = await inner.asend(request)
            if request.method == "POST" and request.target.endswith("/api-keys"):
                made.set()
                await anyio.sleep_forever()
            return reply

        async def astream(self, request: Request) -> Any:
            raise NotImplementedError

        async def aclose(self) -> None: ...

    project = admin.projects.create(name="films")
    client = AsyncAdmin(client_id=ID, client_secret=SECRET, transport=Hanging())

    async def work() -> None:
        await client.projects.delete_with_cleanup(project_id=project.id)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await made.wait()
        assert len(admin.api_keys.list(project_id=project.id)) == 1
        group.cancel_scope.cancel()
    assert admin.api_keys.list(project_id=project.id).names() == []


# ---- the command, as a process of its own --------------------------------------------------------


@pytest.fixture
def environment(engine: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    with local.LocalServer(engine) as server:
        home = tmp_path / "home" / ".config" / "pinecone"
        home.mkdir(parents=True)
        profile = f'[default]\nclient_id = "{ID}"\nclient_secret = "{SECRET}"\n'
        hosts = f'host = "{server.url}"\noauth_host = "{server.url}"\n'
        (home / "admin.toml").write_text(profile + hosts)
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
        yield {**kept, "HOME": str(tmp_path / "home"), "URL": server.url, "TERM": "xterm"}


COMMAND = [sys.executable, "-m", "pinecone_admin.cli"]


def piped(environment: dict[str, str], *words: str, code: int = 0, typed: str = "") -> tuple[str, str]:
    done = subprocess.run(
        [*COMMAND, *words], env=environment, capture_output=True, text=True, input=typed, timeout=60
    )
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


PLAN = """
projects:
  - name: films
    max_pods: 1
    api_keys:
      - name: ci
        roles: [DataPlaneEditor, ControlPlaneEditor]
      - name: dashboard
        roles: [DataPlaneViewer]
  - name: scratch
    state: absent
"""


def test_the_whole_life_cycle_in_pipes(environment: dict[str, str], tmp_path: Path) -> None:
    assert "local" in piped(environment, "whoami")[0]
    made = json.loads(piped(environment, "--output", "json", "projects", "create", "--name", "scratch")[0])
    listed = [line.split("\t")[1] for line in piped(environment, "projects", "list")[0].splitlines()]
    assert listed == ["default", "scratch"]
    plan, secrets = tmp_path / "plan.yaml", tmp_path / "secrets.yaml"
    plan.write_text(PLAN)
    expected = [
        "+ project films (max_pods: 1)",
        "+ API key ci in films (roles: DataPlaneEditor, ControlPlaneEditor)",
        "+ API key dashboard in films (roles: DataPlaneViewer)",
        "- project scratch",
    ]
    assert piped(environment, "apply", str(plan), "--dry-run")[0].splitlines() == expected
    refused, said = piped(environment, "apply", str(plan), code=1, typed="n\n")
    assert (refused, said.splitlines()[:4]) == ("", expected)
    shown, said = piped(environment, "apply", str(plan), "--yes", "--secret-file", str(secrets))
    assert len(shown.splitlines()) == 4
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    keys = yaml.safe_load(secrets.read_text())
    assert set(keys) == {"films/ci", "films/dashboard"}
    assert not any(secret in shown + said for secret in keys.values())
    assert piped(environment, "apply", str(plan), "--yes") == ("", "nothing to do: all is as declared\n")
    piped(environment, "projects", "describe", made["id"], code=1)

    url = environment["URL"]
    with pinecone_db.PineconeDB(api_key=keys["films/ci"], host=url) as pc:
        pc.create_index("movies", SPEC, 2)
        pc.index("movies").upsert(vectors=[("a", [1.0, 0.0])])
        host = pc.describe_index("movies").host
    with pinecone_db.PineconeDB(api_key=keys["films/dashboard"], host=url) as pc:
        assert pc.index(host=host).query(vector=[1.0, 0.0], top_k=1).matches[0].id == "a"
        with pytest.raises(ForbiddenError):
            pc.index(host=host).delete(delete_all=True)

    plan.write_text("projects: [{name: films, state: absent}]")
    said = piped(environment, "apply", str(plan), "--yes", code=1)[1]
    last = said.splitlines()[-1]
    assert "still holds indexes (1)" in last
    assert "0 of 1 changes were made" in last
    assert "request id" in last or "request_id" in last
    removed = piped(environment, "apply", str(plan), "--yes", "--cleanup")[1]
    assert "deleted indexes: movies" in removed
    with pinecone_db.PineconeDB(api_key=keys["films/ci"], host=url) as pc, pytest.raises(UnauthorizedError):
        pc.list_indexes()


def test_a_plan_that_stops_half_way_tells_its_secrets_and_goes_on(
    environment: dict[str, str], engine: Any, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    faults = local.Faults([local.Fault("POST /admin/projects/*/api-keys", status=500, skip=1, times=1)])
    engine.faults = faults
    shown, said = piped(environment, "--output", "json", "apply", str(plan), "--yes", code=1)
    assert "2 of 3 changes were made" in said.splitlines()[-1]
    rows = json.loads(shown)
    assert [row["name"] for row in rows] == [None, "ci"]
    assert rows[1]["value"].startswith("pckey_")
    assert (
        json.loads(piped(environment, "--output", "json", "apply", str(plan), "--yes")[0])[0]["name"]
        == "dashboard"
    )


def test_failures_are_one_line_with_the_request_id(environment: dict[str, str], tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("projects: [{name: films, max_pods: many}]")
    for words, code, said in (
        (("projects", "describe", "nobody"), 1, "request"),
        (("--client-secret", "wrong", "whoami"), 1, "request"),
        (("apply", str(plan)), 2, "projects[0].max_pods: must be a whole number, 0 or more, got 'many'"),
        (("apply", str(tmp_path / "none.yaml")), 1, "No such file"),
        (("--host", "http://127.0.0.1:9", "whoami"), 1, "refused"),
    ):
        shown, line = piped(environment, *words, code=code)
        assert shown == ""
        assert len(line.splitlines()) == 1
        assert said in line
        assert SECRET not in line


def test_completion_scripts(environment: dict[str, str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_PINECONE_ADMIN_COMPLETE" in piped(environment, "completion", shell)[0]
    asked = {**environment, "_PINECONE_ADMIN_COMPLETE": "bash_complete"}
    asked |= {"COMP_WORDS": "pinecone-admin api-keys cr", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", "from pinecone_admin.cli import main; main()"],
        env=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "create" in done.stdout


# ---- and in a terminal -----------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_whole_life_cycle_in_a_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")

    def command(*words: str) -> Any:
        child = pexpect.spawn(
            COMMAND[0],
            [*COMMAND[1:], *words],
            env=environment,
            encoding="utf-8",
            timeout=30,
            dimensions=(40, 200),
        )
        child.logfile_read = io.StringIO()
        return child

    def ended(child: Any, code: int = 0) -> str:
        child.expect(pexpect.EOF)
        child.close()
        shown: str = child.logfile_read.getvalue()
        assert child.exitstatus == code, shown
        return shown

    table = ended(command("projects", "create", "--name", "films"))
    assert "━━┳━━" in table
    listed = piped(environment, "projects", "list")[0].splitlines()
    project = next(line.split("\t")[0] for line in listed if "films" in line)
    table = ended(command("api-keys", "create", "--project-id", project, "--name", "ci"))
    secret = table.split("secret of ci, shown this once: ")[1].strip()
    assert table.count("pckey_") == 1
    assert "pckey_" not in ended(command("api-keys", "list", "--project-id", project))
    url = environment["URL"]
    with pinecone_db.PineconeDB(api_key=secret, host=url) as pc:
        pc.create_index("movies", SPEC, 2)

    child = command("projects", "delete", project, "--cleanup")
    child.expect(r"Delete project .* and all it holds\? \[y/N\]")
    child.sendline("n")
    assert "nothing was done" in ended(child, 1)
    child = command("projects", "delete", project, "--cleanup")
    child.expect(r"\[y/N\]")
    # An interpreter that is just about to read keeps the signal for later and reads: so press until it goes.
    for _ in range(30):
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=1) == 0:
            break
    assert "nothing was done" in ended(child, 1)

    plan = tmp_path / "plan.yaml"
    plan.write_text("projects: [{name: films, api_keys: [{name: ci, state: absent}, {name: cd}]}]")
    child = command("apply", str(plan))
    child.expect_exact("+ API key cd in films (roles: ProjectEditor)")
    child.expect_exact("- API key ci in films")
    child.expect_exact("Make these 2 changes? [y/N]")
    child.sendline("y")
    assert ended(child).count("pckey_") == 1
    assert "nothing to do" in ended(command("apply", str(plan)))
    with pinecone_db.PineconeDB(api_key=secret, host=url) as pc, pytest.raises(PineconeError):
        pc.list_indexes()

    child = command("projects", "delete", project, "--cleanup")
    child.expect(r"\[y/N\]")
    child.sendline("y")
    assert "deleted indexes: movies" in ended(child)
    assert "films" not in ended(command("projects", "list"))
