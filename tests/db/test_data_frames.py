"""Data frames: pandas, polars and arrow where they are installed, and stand-ins with the same methods."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_db._protocol.frames import rows

from .test_data_bulk import Store
from .test_data_wire import Handle, checked
from .wire import FLAVOURS

NAN = float("nan")
SPARSE = {"indices": [1], "values": [0.5]}
COLUMNS: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "values": [[0.5, 1.0], [0.25, 1.0], [0.125, 1.0]],
    "sparse_values": [SPARSE, None, None],
    "metadata": [{"g": "x", "y": 1}, {"g": "y", "y": None}, None],
    "more": [1, 2, 3],
}
ROWS = [
    {"id": "a", "values": [0.5, 1.0], "sparse_values": SPARSE, "metadata": {"g": "x", "y": 1}},
    {"id": "b", "values": [0.25, 1.0], "metadata": {"g": "y"}},
    {"id": "c", "values": [0.125, 1.0]},
]


class LikePandas:
    """Columns by name, as pandas has them."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.found = columns
        self.columns = list(columns)

    def __getitem__(self, name: str) -> list[Any]:
        return self.found[name]

    def itertuples(self) -> Iterator[Any]:
        raise AssertionError("rows are made of columns")


class LikePolars:
    """Rows of chosen columns, as polars has them."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.found = columns
        self.columns = list(columns)

    def select(self, names: list[str]) -> LikePolars:
        return LikePolars({name: self.found[name] for name in names})

    def iter_rows(self) -> Iterator[tuple[Any, ...]]:
        return zip(*self.found.values(), strict=True)


class LikeColumn(list[Any]):
    """A column of arrow."""

    def to_pylist(self) -> list[Any]:
        return list(self)


class LikeArrow:
    """A record batch, as arrow has it."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.found = columns
        self.column_names = list(columns)

    def column(self, name: str) -> LikeColumn:
        return LikeColumn(self.found[name])

    def to_pylist(self) -> list[Any]:
        raise AssertionError("only the columns that matter are read")


def frame(kind: str, columns: dict[str, list[Any]]) -> Any:
    stand_ins = {"like pandas": LikePandas, "like polars": LikePolars, "like arrow": LikeArrow}
    if kind in stand_ins:
        return stand_ins[kind](columns)
    library = pytest.importorskip(kind.partition(" ")[0])
    if kind == "pandas":
        return library.DataFrame(columns)
    if kind.startswith("polars"):
        made = library.DataFrame(columns)
        return made.lazy() if kind == "polars lazy" else made
    table = library.table(columns)
    return table.to_reader(2) if kind == "pyarrow reader" else table


KINDS = (
    "like pandas",
    "like polars",
    "like arrow",
    "pandas",
    "polars",
    "polars lazy",
    "pyarrow",
    "pyarrow reader",
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_rows(kind: str) -> None:
    found = [
        {name: list(cell) if name == "values" else cell for name, cell in row.items()}
        for row in rows(frame(kind, COLUMNS))
    ]
    assert found == ROWS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_upserting(flavour: str, kind: str) -> None:
    store = Store()
    handle = Handle(flavour, store.wire)
    response = handle.call(
        "upsert_from_dataframe",
        frame(kind, COLUMNS),
        "n",
        2,
        show_progress=False,
        max_concurrency=1,
    )
    assert (response.upserted_count, response.total_batch_count) == (3, 2)
    assert store.stored == ["a", "b", "c"]
    assert {body["namespace"] for body in store.wire.bodies} == {"n"}
    assert store.wire.bodies[0]["vectors"][0] == {
        "id": "a",
        "values": [0.5, 1.0],
        "sparseValues": SPARSE,
        "metadata": {"g": "x", "y": 1},
    }
    checked(store.wire)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_going_on_where_it_stopped(flavour: str, tmp_path: Path) -> None:
    store = Store({"b": 400})
    handle = Handle(flavour, store.wire)
    arguments: dict[str, Any] = {"batch_size": 1, "max_concurrency": 1, "checkpoint": tmp_path / "mark.json"}
    assert handle.call("upsert_from_dataframe", LikePandas(COLUMNS), **arguments).upserted_count == 2
    told: list[Any] = []
    store.bad = {}
    arguments["on_progress"] = told.append
    assert handle.call("upsert_from_dataframe", LikePandas(COLUMNS), **arguments).upserted_count == 2
    assert store.stored == ["a", "c", "b", "c"]
    assert told[-1].items == 3


def test_absent_cells() -> None:
    columns: dict[str, list[Any]] = {
        "id": ["a", "b"],
        "values": [[1.0], NAN],
        "metadata": [NAN, {"g": NAN, "h": 1}],
    }
    columns["sparse_values"] = [NAN, SPARSE]
    assert list(rows(LikePandas(columns))) == [
        {"id": "a", "values": [1.0]},
        {"id": "b", "sparse_values": SPARSE, "metadata": {"h": 1}},
    ]
    pandas = pytest.importorskip("pandas")
    columns["metadata"] = [pandas.NA, {"g": pandas.NaT}]
    assert list(rows(pandas.DataFrame(columns)))[1]["metadata"] == {}


def test_sparse_only() -> None:
    assert list(rows(LikePolars({"id": ["a"], "sparse_values": [SPARSE]}))) == [
        {"id": "a", "sparse_values": SPARSE}
    ]


@pytest.mark.parametrize("kind", ["like pandas", "like polars", "like arrow", "pandas", "polars", "pyarrow"])
def test_a_missing_column(kind: str) -> None:
    handle = Handle("sync", Store().wire)
    for missing in ("id", "values"):
        columns = {name: cells for name, cells in COLUMNS.items() if name in ("id", "values")}
        del columns[missing]
        with pytest.raises(PineconeValueError, match=f"missing: {missing}"):
            handle.call("upsert_from_dataframe", frame(kind, columns))
    assert handle.wire.requests == []


def test_refusals() -> None:
    handle = Handle("sync", Store().wire)
    for wrong in ([{"id": "a"}], {"id": ["a"]}, None, "frame"):
        with pytest.raises(PineconeTypeError, match="data frame"):
            handle.call("upsert_from_dataframe", wrong)
    with pytest.raises(PineconeValueError, match="batch_size"):
        handle.call("upsert_from_dataframe", LikePandas(COLUMNS), batch_size=0)
    with pytest.raises(PineconeTypeError, match=r"vectors\[1\]\.id"):
        handle.call("upsert_from_dataframe", LikePandas({"id": ["a", 2], "values": [[1.0]] * 2}))
    assert handle.wire.requests == []
    everything = handle.call("upsert_from_dataframe", LikePandas(COLUMNS), batch_size=None)
    assert (everything.upserted_count, len(handle.wire.requests)) == (3, 1)
