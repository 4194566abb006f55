"""Plans: what a file may declare, and what it takes to get there."""

from __future__ import annotations

from typing import Any

import pytest

from pinecone_admin import APIKeyModel, ProjectModel
from pinecone_core.errors import PineconeValueError

pytest.importorskip("click")
from pinecone_admin.cli.plan import differences, read_plan


def project(name: str, id_: str = "p1", **more: Any) -> ProjectModel:
    fields: dict[str, Any] = {
        "max_pods": 0,
        "force_encryption_with_cmek": False,
        "organization_id": "o",
        **more,
    }
    return ProjectModel(id=id_, name=name, **fields)


def key(name: str, *roles: str, id_: str = "k1") -> APIKeyModel:
    return APIKeyModel(id=id_, name=name, project_id="p1", roles=list(roles))


def lines(plan: Any, projects: Any = (), keys: Any = None) -> list[str]:
    known = {one.id: [] for one in projects} | (keys or {})
    return [change.line for change in differences(read_plan({"projects": plan}), list(projects), known)]


FILMS = {
    "name": "films",
    "max_pods": 2,
    "api_keys": [{"name": "ci", "roles": ["DataPlaneEditor", "ControlPlaneViewer"]}, {"name": "me"}],
}


def test_everything_new() -> None:
    assert lines([FILMS, {"name": "books"}, {"name": "gone", "state": "absent"}]) == [
        "+ project films (max_pods: 2)",
        "+ API key ci in films (roles: DataPlaneEditor, ControlPlaneViewer)",
        "+ API key me in films (roles: ProjectEditor)",
        "+ project books",
    ]


def test_nothing_to_do() -> None:
    keys = {
        "p1": [key("ci", "ControlPlaneViewer", "DataPlaneEditor"), key("me", "DataPlaneViewer"), key("other")]
    }
    assert lines([FILMS], [project("films", max_pods=2), project("undeclared", "p2")], keys) == []
    assert lines([], [project("films")]) == []
    assert lines([{"name": "films"}], [project("films", max_pods=7)]) == []


VIEWER = {"name": "me", "roles": ["ProjectViewer"]}


def test_changes_come_first_and_deletions_last() -> None:
    plan = [
        {"name": "old", "state": "absent"},
        {
            **FILMS,
            "api_keys": [{"name": "ci", "state": "absent"}, {"name": "me", "roles": ["ProjectViewer"]}],
        },
    ]
    keys = {"p1": [key("ci", "ProjectEditor"), key("me", "ProjectEditor", id_="k2")]}
    assert lines(plan, [project("films"), project("old", "p2")], keys) == [
        "~ project films (max_pods: 0 -> 2)",
        "~ API key me in films (roles: ProjectEditor -> ProjectViewer)",
        "- project old",
        "- API key ci in films",
    ]


def test_roles_of_the_future_are_compared_as_they_are() -> None:
    plan = [{"name": "films", "api_keys": [{"name": "ci", "roles": ["ProjectViewer"]}]}]
    assert lines(plan, [project("films")], {"p1": [key("ci", "Emperor")]}) == [
        "~ API key ci in films (roles: Emperor -> ProjectViewer)"
    ]


def test_names_that_mean_several_are_refused() -> None:
    with pytest.raises(
        PineconeValueError, match=r"projects\[0\].name: 'films' is the name of several \(p1, p2\)"
    ):
        lines([{"name": "films"}], [project("films"), project("films", "p2")])
    keys = {"p1": [key("ci"), key("ci", id_="k2")]}
    with pytest.raises(PineconeValueError, match=r"projects\[0\].api_keys\[0\].name: 'ci' is the name"):
        lines([{"name": "films", "api_keys": [{"name": "ci"}]}], [project("films")], keys)


def with_key(declared: Any) -> Any:
    return {"projects": [{"name": "a", "api_keys": [declared]}]}


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (None, "the plan: must be a mapping"),
        ({"project": []}, "the plan: does not know 'project'; it takes projects"),
        ({"projects": {}}, "projects: must be a list"),
        ({"projects": ["films"]}, r"projects\[0\]: must be a mapping"),
        ({"projects": [{}]}, r"projects\[0\].name: must be a text of 1 to 512"),
        ({"projects": [{"name": "a"}, {"name": "a"}]}, r"projects\[1\].name: 'a' stands at \[0\] already"),
        ({"projects": [{"name": "a", "max_pods": -1}]}, r"projects\[0\].max_pods: must be a whole number"),
        ({"projects": [{"name": "a", "max_pods": True}]}, r"projects\[0\].max_pods: must be a whole number"),
        ({"projects": [{"name": "a", "force_encryption_with_cmek": 1}]}, "must be true or false, got 1"),
        ({"projects": [{"name": "a", "state": "gone"}]}, "must be present or absent, got 'gone'"),
        ({"projects": [{"name": "a", "state": "absent", "max_pods": 1}]}, "has no settings and no keys"),
        ({"projects": [{"name": "a", "api_keys": [{"name": "k" * 81}]}]}, r"api_keys\[0\].name: .* 1 to 80"),
        (
            {"projects": [{"name": "a", "api_keys": [{"name": "k", "roles": ["King"]}]}]},
            r"roles\[0\]: 'King' is no",
        ),
        ({"projects": [{"name": "a", "api_keys": [{"name": "k", "roles": []}]}]}, "name at least one role"),
        ({"projects": [{"name": "a", "api_keys": [{"name": "k", "role": "x"}]}]}, "does not know 'role'"),
    ],
)
def test_what_is_no_plan(plan: Any, said: str) -> None:
    with pytest.raises(PineconeValueError, match=said):
        read_plan(plan)
