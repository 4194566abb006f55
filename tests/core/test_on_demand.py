"""What is loaded or made when it is first asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pinecone_core.on_demand import files_of, kept


def test_a_package_loads_its_files_when_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "on_demand_example"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from pinecone_core.on_demand import files_of\n__getattr__ = files_of(__name__)\n"
    )
    (folder / "good.py").write_text("answer = 42\n")
    (folder / "_version.py").write_text("__version__ = '1.2.3'\n")
    (folder / "broken.py").write_text("import there_is_no_such_module\n")
    monkeypatch.syspath_prepend(tmp_path)
    import on_demand_example as package  # type: ignore[import-not-found]

    assert "on_demand_example.good" not in sys.modules
    assert package.good.answer == 42
    assert package.__dict__["good"] is package.good
    assert package.__version__ == "1.2.3"
    with pytest.raises(AttributeError, match="module 'on_demand_example' has no attribute 'missing'"):
        package.missing  # noqa: B018
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_module"):
        package.broken  # noqa: B018
    with pytest.raises(AttributeError):
        files_of("on_demand_example")("_private")


def test_a_kept_property_is_made_once_and_can_be_replaced() -> None:
    class Thing:
        made = 0

        @kept
        def part(self) -> list[int]:
            """Return a part."""
            self.made += 1
            return [self.made]

    thing = Thing()
    assert thing.part is thing.part
    assert thing.part == [1]
    assert Thing.part.__doc__ == "Return a part."
    thing.part = [5]
    assert thing.part == [5]
    del thing.part
    assert thing.part == [2]
