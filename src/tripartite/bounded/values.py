"""Values as bytes, between two processes: JSON, and read back as a declared type or not at all. Nothing runs."""

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

LENGTH = struct.Struct("!QQ")
"""How many bytes of JSON, then how many of what JSON cannot say, come next."""

Decoder = Callable[[Any, Sequence[bytes]], Any]


class Malformed(ValueError):  # noqa: N818 - names what was found
    """Bytes that are not the value that was to come."""


def packed(value: object) -> tuple[bytes, bytes]:
    """A value as a text and the bytes that stand beside it.

    What is said: nothing, truths, whole numbers, texts, bytes, days, instants, fractions, members of an enumeration,
    and tuples, lists, sets, mappings from texts and dataclasses of them. Raises TypeError for anything else.
    """
    beside: list[bytes] = []
    said = _encoded(value, beside)
    return json.dumps([[len(one) for one in beside], said]).encode(), b"".join(beside)


def unpacked(kind: Any, text: bytes, beside: bytes) -> Any:
    """The value of that type. Raises Malformed when it is not one."""
    try:
        lengths, said = json.loads(text)
        parts, place = [], 0
        for length in lengths:
            parts.append(beside[place : place + length])
            place += length
        if place != len(beside) or any(length < 0 for length in lengths):
            raise Malformed("bytes")
        return decoder(kind)(said, parts)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise error if isinstance(error, Malformed) else Malformed(str(error)) from None


def _encoded(value: Any, beside: list[bytes]) -> Any:  # noqa: PLR0911 - one line a kind of value
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if isinstance(value, Enum):
        return value.value
    if kind is bytes:
        beside.append(value)
        return {"bytes": len(beside) - 1}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Fraction):
        return {"fraction": [value.numerator, value.denominator]}
    if is_dataclass(value):
        return [_encoded(getattr(value, one.name), beside) for one in fields(value)]
    if isinstance(value, (tuple, list, frozenset)):
        return [_encoded(one, beside) for one in value]
    if isinstance(value, dict):
        return {"map": {str(key): _encoded(one, beside) for key, one in value.items()}}
    raise TypeError(f"a {kind.__name__} is not told from one process to another")


def _fraction(said: list[Any]) -> Fraction:
    numerator, denominator = said
    if type(numerator) is not int or type(denominator) is not int or denominator < 1:
        raise Malformed("fraction")
    return Fraction(numerator, denominator)


LEAVES: dict[Any, tuple[str, type, Callable[[Any], Any]]] = {
    datetime: ("instant", str, datetime.fromisoformat),
    date: ("day", str, date.fromisoformat),
    Fraction: ("fraction", list, _fraction),
}
"""The tag under which each is written, as what, and how it is read back."""


@lru_cache(maxsize=200)
def decoder(kind: Any) -> Decoder:  # noqa: PLR0911 - one line a kind of type
    """How a value of that type is read back. Raises TypeError for a type that is not told."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (NoneType, None, bool, int, str):
        return _plain(NoneType if kind is None else kind)
    if kind is bytes:
        return lambda said, beside: beside[_tagged(said, "bytes", int)]
    if kind in LEAVES:
        tag, written, read = LEAVES[kind]
        return lambda said, _: read(_tagged(said, tag, written))
    if origin in (Union, UnionType):
        return _one_of(inner)
    if origin in (list, frozenset) or (origin is tuple and inner[1:] == (Ellipsis,)):
        return _all_of(origin, decoder(inner[0]))
    if origin is tuple:
        return _each_of(lambda *parts: parts, [decoder(one) for one in inner])
    if origin is dict and inner[0] is str:
        return _mapping(decoder(inner[1]))
    return _of_class(kind)


def _of_class(kind: Any) -> Decoder:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda said, _: kind(said)
    if not (is_dataclass(kind) or hasattr(kind, "_fields")):
        raise TypeError(f"{kind} is not told from one process to another")
    hints = get_type_hints(kind)
    names = [one.name for one in fields(kind)] if is_dataclass(kind) else kind._fields
    return _each_of(kind, [decoder(hints[name]) for name in names])


def _plain(kind: type) -> Decoder:
    def read(said: Any, beside: Sequence[bytes]) -> Any:  # noqa: ARG001 - the signature of a decoder
        if type(said) is not kind:
            raise Malformed(kind.__name__)
        return said

    return read


def _all_of(whole: Any, one: Decoder) -> Decoder:
    return lambda said, beside: whole([one(each, beside) for each in _listed(said)])


def _each_of(build: Any, parts: list[Decoder]) -> Decoder:
    def read(said: Any, beside: Sequence[bytes]) -> Any:
        return build(*[part(one, beside) for part, one in zip(parts, _listed(said), strict=True)])

    return read


def _mapping(one: Decoder) -> Decoder:
    return lambda said, beside: {key: one(each, beside) for key, each in _tagged(said, "map", dict).items()}


def _one_of(kinds: Sequence[Any]) -> Decoder:
    readers = {_shape(kind): decoder(kind) for kind in kinds}
    if len(readers) != len(kinds):
        raise TypeError(f"{kinds} are written in the same way")

    def read(said: Any, beside: Sequence[bytes]) -> Any:
        shape = next(iter(said), None) if type(said) is dict else type(said)
        if shape not in readers:
            raise Malformed("none of the kinds")
        return readers[shape](said, beside)

    return read


def _shape(kind: Any) -> Any:
    """What tells a type from another as it is written: the type that JSON has, or a tag."""
    if kind in (NoneType, bool, int, str):
        return kind
    if kind is bytes:
        return "bytes"
    if kind in LEAVES:
        return LEAVES[kind][0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return str
    return "map" if get_origin(kind) is dict else list


def _listed(said: Any) -> list[Any]:
    if type(said) is not list:
        raise Malformed("not a list")
    return said


def _tagged(said: Any, tag: str, kind: type) -> Any:
    if type(said) is not dict or list(said) != [tag] or type(said[tag]) is not kind:
        raise Malformed(tag)
    return said[tag]
