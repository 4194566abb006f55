"""Its tests: an engine of its own for each, no network, and faults on purpose."""

from __future__ import annotations

import pytest
from search import best_title

from pinecone import ServiceError
from pinecone_local import Fault


@pytest.fixture
def films(pinecone_client):
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pinecone_client.create_index("films", spec, dimension=2)
    index = pinecone_client.index("films")
    index.upsert(vectors=[("1", [1.0, 0.0], {"title": "Alien"}), ("2", [0.0, 1.0], {"title": "Brazil"})])
    return index


def test_the_nearest_is_found(films):
    assert best_title(films, [0.9, 0.1]) == "Alien"


@pytest.mark.pinecone(faults=[Fault("POST /query", status=503, times=1)])
def test_one_fault_of_the_service_is_borne(films):
    assert best_title(films, [0.1, 0.9]) == "Brazil"


@pytest.mark.pinecone(faults=[Fault("POST /query", status=500)])
def test_an_outage_is_seen(films):
    with pytest.raises(ServiceError):
        best_title(films.with_options(max_retries=0), [0.1, 0.9])
