"""Models of the control plane: reading, access, printing, copying."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from pinecone_core.codec import decode
from pinecone_core.errors import ResponseParsingError
from pinecone_db import (
    AwsRegion,
    BackupList,
    ByocSpec,
    CollectionDescription,
    CollectionList,
    EmbedConfig,
    IndexEmbed,
    IndexList,
    IndexModel,
    IndexTags,
    IntegratedSpec,
    PodSpec,
    PodType,
    RestoreJobList,
    ServerlessSpec,
)

from .test_control_backups import COLLECTION, backup, job
from .test_control_indexes import index


def read(value: Any, kind: Any) -> Any:
    return decode(json.dumps(value).encode(), kind)


def test_hosts_and_tags() -> None:
    model = read(index(host="a.b", private_host="http://c.d", tags={"a": "b"}), IndexModel)
    assert (model.host, model.private_host) == ("https://a.b", "http://c.d")
    assert isinstance(model.tags, IndexTags)
    assert type(model.tags.to_dict()) is dict
    assert read(index(host=None, tags=None), IndexModel).tags is None
    assert IndexModel(**{**read(index(), IndexModel), "host": "https://https://x.y"}).host == "https://x.y"


def test_like_a_dict() -> None:
    model = read(index(), IndexModel)
    assert model["name"] == model.get("name") == "movies"
    assert "embed" in model
    assert "nothing" not in model
    assert len(model) == len(model.keys()) == len(dict(model)) == 12
    model["dimension"] = 4
    assert model.dimension == 4
    with pytest.raises(KeyError):
        model["nothing"]
    with pytest.raises(AttributeError):
        model.nothing = 1
    assert model.to_dict()["spec"]["serverless"]["cloud"] == "aws"
    with pytest.raises(TypeError, match="name"):
        IndexModel(metric="cosine", status=model.status, spec=model.spec)  # type: ignore[call-arg]


def test_what_the_service_leaves_out_or_adds() -> None:
    odd = {**index(), "vector_type": None, "deletion_protection": None, "future": {"a": 1}, "dimension": 3.0}
    model = read(odd, IndexModel)
    assert (model.vector_type, model.deletion_protection, model.dimension) == ("dense", "disabled", 3)
    other = read({**index(), "spec": {"quantum": {}}}, IndexModel)
    assert other.spec.to_dict() == {"serverless": None, "pod": None, "byoc": None}
    listed = read({"indexes": [{"name": "broken"}, index()]}, IndexList)
    assert listed.names() == ["movies"]
    for kind in (IndexList, CollectionList, BackupList, RestoreJobList):
        assert len(read({}, kind)) == 0
        assert len(read({"indexes": None, "collections": None, "data": None}, kind)) == 0
    with pytest.raises(ResponseParsingError, match="Failed to parse API response as IndexModel"):
        read({"name": "movies"}, IndexModel)


def test_lists() -> None:
    listed = read({"indexes": [index("a"), index("b")]}, IndexList)
    assert (listed[0].name, listed[-1].name, listed["b"].name) == ("a", "b", "b")
    assert [item.name for item in listed[:1]] == ["a"]
    assert listed[1] in listed
    assert listed.indexes is listed.data
    assert listed == read({"indexes": [index("a"), index("b")]}, IndexList)
    assert listed != IndexList([])
    assert repr(listed) == "IndexList([<name='a', dim=3, ready=True>, <name='b', dim=3, ready=True>])"
    assert [item["name"] for item in listed.to_dict()["data"]] == ["a", "b"]
    with pytest.raises(KeyError):
        listed["c"]
    with pytest.raises(IndexError):
        listed[2]
    assert not IndexList([])


def test_reprs_and_pages() -> None:
    collections = read({"collections": [COLLECTION]}, CollectionList)
    assert repr(collections) == "CollectionList([<name='old', status='Initializing'>])"
    backups = read({"data": [backup(), {**backup(), "name": "n"}], "pagination": {}}, BackupList)
    assert backups.names() == ["b-1", "n"]
    assert repr(backups).endswith("<name='n', status='Ready', source='movies'>])")
    assert backups.to_dict()["pagination"] == {"next": None}
    assert "pagination" not in read({"data": []}, BackupList).to_dict()
    jobs = read({"data": [job()]}, RestoreJobList)
    assert repr(jobs) == "RestoreJobList([<id='r-1', status='Completed', target='movies'>])"
    assert jobs["r-1"].percent_complete is None


def test_in_a_notebook() -> None:
    model = read(index(tags={"<b>": "x"}), IndexModel)
    assert "&lt;b&gt;=x" in model._repr_html_()
    assert "movies" in read({"indexes": [index()]}, IndexList)._repr_html_()


def test_specs() -> None:
    serverless = ServerlessSpec(cloud="aws", region=AwsRegion.US_EAST_1)
    assert serverless.asdict() == {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    assert serverless["cloud"] == "aws"
    assert dict(serverless) == {"cloud": "aws", "region": "us-east-1", "read_capacity": None, "schema": None}
    assert hash(serverless) == hash(ServerlessSpec(cloud="aws", region="us-east-1"))
    with pytest.raises(AttributeError, match="immutable"):
        serverless.cloud = "gcp"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="immutable"):
        serverless["cloud"] = "gcp"
    with pytest.raises(TypeError):
        ServerlessSpec("aws", "us-east-1")  # type: ignore[call-arg]
    assert PodSpec(environment="e").asdict()["pod"] == {
        "environment": "e",
        "pod_type": "p1.x1",
        "replicas": 1,
        "shards": 1,
        "pods": 1,
    }
    assert ByocSpec(environment="e", schema={}).asdict() == {"byoc": {"environment": "e", "schema": {}}}


def test_embedding() -> None:
    config = EmbedConfig(model="m", field_map={"text": "a"}, dimension=5)
    assert config.to_dict() == {
        "model": "m",
        "field_map": {"text": "a"},
        "dimension": 5,
        "read_parameters": {},
        "write_parameters": {},
    }
    nested = IntegratedSpec(cloud="aws", region="r", embed=config).to_dict()
    assert nested["embed"]["dimension"] == 5
    legacy = IndexEmbed("m", {"text": "a"})
    assert legacy.as_dict() == {
        "model": "m",
        "field_map": {"text": "a"},
        "metric": None,
        "read_parameters": {},
        "write_parameters": {},
    }
    legacy.as_dict()["model"] = "other"
    assert legacy.model == "m"


@pytest.mark.parametrize(
    "value",
    [
        read({"indexes": [index(tags={"a": "b"})]}, IndexList),
        read({"data": [backup()], "pagination": {"next": "t"}}, BackupList),
        ServerlessSpec(cloud="aws", region="us-east-1"),
        IndexEmbed("m", {"text": "a"}),
        CollectionDescription("a", "b"),
    ],
)
def test_copies(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert copy.deepcopy(value) == value
    assert copy.copy(value) == value


def test_enums_are_strings() -> None:
    assert PodType("s1.x4") is PodType.S1_X4
    assert {PodType.S1_X4: 1}["s1.x4"] == 1  # type: ignore[index]
    assert json.dumps(PodType.S1_X4) == '"s1.x4"'
