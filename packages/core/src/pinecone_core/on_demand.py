"""What is loaded or made when it is first asked for, so that making a client takes little.

Settings are frozen dataclasses that load ``dataclasses`` only when somebody asks what they are: it brings
``inspect``, and both together take longer than all else of making a client.
"""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
    from functools import cached_property as kept
    from typing import Any, TypeVar

    T = TypeVar("T")
    Class = TypeVar("Class", bound=type)

__all__ = ["assign", "dataclass", "files_of", "kept", "replaced"]

_VERSION = {"__version__": "_version"}


def files_of(package: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package: ``package.file`` loads the file, as its version does its own.

    Args:
        package: The package's full name.
    """

    def load(name: str) -> Any:
        full = f"{package}.{_VERSION.get(name, name)}"
        try:
            if name in _VERSION or not name.startswith("_"):
                __import__(full)  # importlib takes longer to load than a file
                found = sys.modules[full]
                return getattr(found, name) if name in _VERSION else found
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load


def _values(settings: Any) -> tuple[Any, ...]:
    return tuple(getattr(settings, name) for name in settings.__match_args__)


def _equal(settings: Any, other: object) -> bool:
    return _values(settings) == _values(other) if other.__class__ is settings.__class__ else NotImplemented


def _hash(settings: Any) -> int:
    return hash(_values(settings))


def _repr(settings: Any) -> str:
    shown = (f"{name}={getattr(settings, name)!r}" for name in settings.__match_args__)
    return f"{type(settings).__qualname__}({', '.join(shown)})"


def assign(settings: object, arguments: dict[str, Any]) -> None:
    """Set the fields of a frozen dataclass in its ``__init__``, given the ``locals()`` there."""
    for name, value in arguments.items():
        if name != "self":
            object.__setattr__(settings, name, value)


def replaced(settings: T, **changes: Any) -> T:
    """Return a copy with other values, checked as if it were made anew.

    Args:
        settings: A frozen dataclass.
        changes: The values that differ.
    """
    names: tuple[str, ...] = settings.__match_args__  # type: ignore[attr-defined]
    return type(settings)(**{name: getattr(settings, name) for name in names} | changes)


class _Asked:
    """What ``dataclasses`` notes in a class: put there by itself, when it is asked for."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        import dataclasses

        kind: Any = self._kind
        defaults = dict(zip(kind.__match_args__, kind.__init__.__defaults__, strict=True))
        body = {"__annotations__": {name: kind.__annotations__[name] for name in defaults}, **defaults}
        like: Any = dataclasses.dataclass(frozen=True)(type(kind.__name__, (), body))
        for name in ("__dataclass_fields__", "__dataclass_params__"):
            setattr(kind, name, getattr(like, name))
        return kind.__dict__[self._name]


if not TYPE_CHECKING:

    class kept:  # noqa: N801 - read like ``property``
        """A property whose value is made when it is first asked for, and then an attribute like any other.

        It is ``functools.cached_property`` without all that its module brings. Threads that ask at once get
        the same value, though more than one of them may have made one.

        Args:
            make: Makes the value.
        """

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self.func = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.attrname = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            # setdefault gives threads that come here at once the same one.
            return instance.__dict__.setdefault(self.attrname, self.func(instance))

    def dataclass(*, frozen: bool, init: bool) -> Callable[[Class], Class]:
        """Do what ``dataclasses.dataclass(frozen=True, init=False)`` does.

        The fields are the arguments of the class's own ``__init__``, all with a default, which stands in the
        class as well.
        """

        def made(kind: Class) -> Class:
            code = kind.__init__.__code__
            kind.__match_args__ = code.co_varnames[1 : code.co_argcount]

            def refuse(settings: Any, name: str, *value: Any) -> None:
                if type(settings) is kind or name in kind.__match_args__:
                    from dataclasses import FrozenInstanceError

                    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")
                (object.__setattr__ if value else object.__delattr__)(settings, name, *value)

            methods = {
                "__eq__": _equal,
                "__hash__": _hash,
                "__repr__": _repr,
                "__replace__": replaced,
                "__setattr__": refuse,
                "__delattr__": refuse,
            }
            for name, method in methods.items():
                if kind.__dict__.get(name) is None:
                    setattr(kind, name, method)
            for name in ("__dataclass_fields__", "__dataclass_params__"):
                asked = _Asked(kind)
                asked.__set_name__(kind, name)
                setattr(kind, name, asked)
            return kind

        return made
