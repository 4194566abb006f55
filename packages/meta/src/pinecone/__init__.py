"""The unified Pinecone namespace: database, inference, assistant and admin in one import.

Every name is loaded when it is first asked for, so that ``import pinecone`` costs next to nothing.
"""

from __future__ import annotations

from ._finder import CLIENTS, install, resolve

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

    from ._version import __version__ as __version__

install()


def __getattr__(name: str) -> Any:
    if name in CLIENTS:  # what most programs ask for first, and often alone
        value = globals()[name] = resolve(name)
        return value
    if name == "__version__":
        from ._version import __version__ as version

        globals()[name] = version
        return version
    from ._table import HIDDEN, TOP

    if name == "__all__":
        return ["__version__", *TOP]
    proper = TOP.get(name) or HIDDEN.get(name)
    if proper is None:
        return _other(name)
    value = globals()[name] = resolve(proper)
    return value


def _other(name: str) -> Any:
    if name == "ValidationError":
        import warnings

        message = "ValidationError is deprecated; use PineconeValueError instead"
        warnings.warn(message, DeprecationWarning, stacklevel=3)
        value = globals()[name] = resolve("PineconeValueError")
        return value
    from ._table import REMOVED

    if name in REMOVED:
        raise AttributeError(_guidance(name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _guidance(name: str) -> str:
    call = {"init": "", "scale_index": "pc.configure_index(...)"}.get(name, f"pc.{name}(...)")
    hint = f"Call {call.removesuffix('(...)')} of a client instead." if call else "Make a client instead."
    return (
        f"{name} is no longer a top-level attribute of the pinecone package.\n\n{hint}\n\nExample:\n\n"
        f"    from pinecone import Pinecone\n\n    pc = Pinecone(api_key='...')\n    {call}".rstrip()
    )


def __dir__() -> list[str]:
    from ._table import TOP

    return sorted({*globals(), *TOP, "__version__"})
