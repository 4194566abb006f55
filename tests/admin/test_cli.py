"""The command, run against a transport that answers by verb and path."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.transport import Request, Response

pytest.importorskip("click")
pytest.importorskip("rich")
yaml = pytest.importorskip("yaml")
from click.testing import CliRunner, Result  # noqa: E402

from pinecone_admin.cli import main  # noqa: E402
from pinecone_admin.cli.commands import cli  # noqa: E402

PROJECT = {
    "id": "p1",
    "name": "films",
    "max_pods": 0,
    "force_encryption_with_cmek": False,
    "organization_id": "o1",
}
STUDIO = {
    "id": "o1",
    "name": "studio",
    "plan": "Standard",
    "payment_status": "Active",
    "created_at": "2024-01-01T00:00:00Z",
    "support_tier": "Free",
}
KEY = {"id": "k1", "name": "ci", "project_id": "p1", "roles": ["ProjectEditor"]}


class Service:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bodies: list[Any] = []
        self.answers: dict[str, tuple[int, Any]] = {
            "POST /oauth/token": (200, {"access_token": "t", "expires_in": 1800}),
            "GET /admin/projects": (200, {"data": [PROJECT]}),
            "GET /admin/projects/p1": (200, PROJECT),
            "DELETE /admin/projects/p1": (202, None),
            "GET /admin/organizations": (200, {"data": [STUDIO]}),
            "POST /admin/projects/p1/api-keys": (201, {"key": KEY, "value": "pcsk-once"}),
            "GET /admin/projects/p1/api-keys": (200, {"data": [KEY]}),
            "PATCH /admin/api-keys/k1": (200, KEY),
            "PATCH /admin/organizations/o1": (200, {**STUDIO, "name": "new"}),
        }

    def send(self, request: Request) -> Response:
        self.lines.append(f"{request.method} {request.target}")
        self.bodies.append(json.loads(request.body) if isinstance(request.body, bytes) else None)
        status, body = self.answers[self.lines[-1]]
        return Response(status, {"x-request-id": "r-7"}, b"" if body is None else json.dumps(body).encode())

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    def close(self) -> None: ...


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Service:
    monkeypatch.setenv("PINECONE_CLIENT_ID", "id")
    monkeypatch.setenv("PINECONE_CLIENT_SECRET", "secret-0123456789")
    monkeypatch.setenv("HOME", str(tmp_path))
    return Service()


def run(service: Service, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(words), obj=service, input=typed)


def test_forms(service: Service) -> None:
    piped = run(service, "projects", "list")
    assert piped.exit_code == 0
    assert piped.stdout.splitlines()[0].split("\t")[:2] == ["p1", "films"]
    as_json = run(service, "--output", "json", "projects", "list")
    as_yaml = run(service, "--output", "yaml", "projects", "list")
    assert json.loads(as_json.stdout)[0]["name"] == "films"
    assert yaml.safe_load(as_yaml.stdout) == json.loads(as_json.stdout)
    assert run(service, "projects", "describe", "p1").stdout == piped.stdout
    assert "studio" in run(service, "whoami").stdout


def test_a_terminal_gets_a_table(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from pinecone_admin.cli import output

    class Terminal:
        def isatty(self) -> bool:
            return True

    shown: list[Any] = []
    monkeypatch.setattr("pinecone_admin.cli.output.sys.stdout", Terminal())
    monkeypatch.setattr("rich.console.Console.print", lambda _, table: shown.append(table))
    output.show([{"id": "p1", "name": "[red]films"}], "table")
    assert [column.header for column in shown[0].columns] == ["id", "name"]
    assert [str(cell) for cell in shown[0].columns[1].cells] == ["[red]films"]


def test_names_cannot_break_lines(service: Service) -> None:
    service.answers["GET /admin/projects"] = (200, {"data": [{**PROJECT, "name": "a\tb\n\x1b[2J"}]})
    assert run(service, "projects", "list").stdout.split("\t")[1] == "a b  [2J"


def test_deletion_is_confirmed(service: Service) -> None:
    refused = run(service, "projects", "delete", "p1", typed="n\n")
    assert (refused.exit_code, service.lines) == (1, [])
    assert run(service, "projects", "delete", "p1", typed="").exit_code == 1
    dry = run(service, "projects", "delete", "p1", "--dry-run")
    assert (dry.exit_code, dry.stdout, service.lines) == (0, "would delete project p1\n", [])
    assert run(service, "projects", "delete", "p1", "--yes").exit_code == 0
    assert service.lines[-1] == "DELETE /admin/projects/p1"


def test_deletion_with_all_it_holds(service: Service) -> None:
    service.answers |= {
        "DELETE /admin/api-keys/k1": (202, None),
        "GET /indexes": (200, {"indexes": []}),
        "GET /collections": (200, {"collections": []}),
        "GET /backups": (200, {"data": []}),
        "GET /assistant/assistants": (200, {"assistants": [{"name": "a"}]}),
    }
    words = ("--output", "json", "projects", "delete", "p1", "--cleanup")
    found = run(service, *words, "--dry-run")
    assert json.loads(found.stdout)["assistants"] == ["a"]
    assert "DELETE /admin/projects/p1" not in service.lines
    service.answers["GET /assistant/assistants"] = (200, {"assistants": []})
    assert run(service, *words, "--yes").exit_code == 0
    assert service.lines[-2:] == ["DELETE /admin/api-keys/k1", "DELETE /admin/projects/p1"]


def test_secret_is_printed_once_or_written(service: Service, tmp_path: Path) -> None:
    words = ("api-keys", "create", "--project-id", "p1", "--name", "ci")
    assert run(service, *words).stdout.count("pcsk-once") == 1
    assert "pcsk" not in run(service, "api-keys", "list", "--project-id", "p1").output
    file = tmp_path / "secret"
    written = run(service, *words, "--secret-file", str(file))
    assert written.exit_code == 0
    assert "pcsk" not in written.output
    assert file.read_text() == "pcsk-once\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = len(service.lines)
    assert run(service, *words, "--secret-file", str(file)).exit_code == 1  # kept as it is
    assert len(service.lines) == before
    service.answers["POST /admin/projects/p1/api-keys"] = (403, {"error": {"message": "quota"}})
    other = tmp_path / "other"
    assert run(service, *words, "--secret-file", str(other)).exit_code == 1
    assert not other.exists()


def test_changes(service: Service) -> None:
    assert run(service, "api-keys", "update", "k1", "--role", "ProjectViewer").exit_code == 0
    assert service.bodies[-1] == {"roles": ["ProjectViewer"]}
    assert "new" in run(service, "organizations", "update", "o1", "--name", "new").stdout


def test_failures_are_one_line(service: Service) -> None:
    service.answers["GET /admin/projects/p1"] = (404, {"error": {"message": "no\nsuch"}})
    for words, code in (
        (("projects", "describe", "p1"), 1),
        (("projects", "update", "p1"), 2),
        (("projects", "create"), 2),
        (("projects", "paint"), 2),
    ):
        failed = run(service, *words)
        assert failed.exit_code == code, failed.output
        assert failed.stdout == ""
        assert len(failed.stderr.splitlines()) == 1
    assert "r-7" in run(service, "projects", "describe", "p1").stderr


def test_no_command_shows_help(service: Service) -> None:
    shown = run(service)
    assert "api-keys" in shown.output
    assert len(shown.output.splitlines()) > 5
    assert run(service, "--help").exit_code == 0


def test_missing_credentials_are_a_usage_error(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PINECONE_CLIENT_ID")
    failed = run(service, "projects", "list")
    assert failed.exit_code == 2
    assert "PINECONE_CLIENT_ID" in failed.stderr


def test_profile_file(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".config" / "pinecone" / "admin.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[default]\nclient_id = "a"\nclient_secret = "from-the-file"\n')
    monkeypatch.delenv("PINECONE_CLIENT_ID")
    monkeypatch.delenv("PINECONE_CLIENT_SECRET")
    found = run(service, "projects", "list")
    assert found.exit_code == 0
    assert service.bodies[0]["client_secret"] == "from-the-file"
    assert run(service, "--client-id", "b", "projects", "list").exit_code == 0
    assert service.bodies[2]["client_id"] == "b"
    assert run(service, "--profile", "other", "projects", "list").exit_code == 2
    file.write_text('client_secret = "half')
    broken = run(service, "projects", "list")
    assert broken.exit_code == 2
    assert "half" not in broken.stderr


def test_a_missing_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "click", None)
    monkeypatch.delitem(sys.modules, "pinecone_admin.cli.commands")
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "pinecone-admin needs click: pip install 'pinecone-admin[cli]'\n"
