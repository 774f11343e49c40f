"""Where a value read from YAML breaks the types of its model: every place, in words that help.

msgspec stops at the first fault and speaks of JSON; this walk runs only after it has refused a value, and goes on.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import msgspec
import msgspec.inspect as mi

from .problem import Path, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


def problems(value: object, type_: Any) -> tuple[Problem, ...]:
    """All places where `value` does not fit the type; empty where it does.

    A class that msgspec does not know by itself says what it stands for by `union()`, the type of all its kinds.
    """
    return tuple(_walk(value, mi.type_info(type_), (), None))


def _walk(value: Any, info: mi.Type, path: Path, meta: mi.Metadata | None) -> Iterator[Problem]:
    match info:
        case mi.Metadata():
            yield from _walk(value, info.type, path, info)
        case mi.StructType():
            yield from _struct(value, info, path)
        case mi.VarTupleType() | mi.ListType():
            if not isinstance(value, list):
                yield Problem(path, f"{_name(path)} must be a list, not {_shown(value)}")
                return
            for index, item in enumerate(value):
                yield from _walk(item, info.item_type, (*path, index), None)
        case mi.DictType():
            yield from _dict(value, info, path)
        case mi.UnionType():
            yield from _union(value, info, path)
        case mi.CustomType() if hasattr(info.cls, "union"):
            yield from _walk(value, mi.type_info(info.cls.union()), path, meta)
        case _:
            yield from _scalar(value, info, path, meta)


def _struct(value: Any, info: mi.StructType, path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"{_name(path)} must be a mapping of keys, not {_shown(value)}")
        return
    fields = {field.encode_name: field for field in info.fields}
    known = [*fields, *([info.tag_field] if info.tag_field else [])]
    for key in value:
        if key not in known:
            yield Problem((*path, key), f"unknown key {_quoted(key)}; {_nearest(str(key), known)}")
    for name, field in fields.items():
        if name in value:
            yield from _walk(value[name], field.type, (*path, name), None)
        elif field.required:
            yield Problem(path, f"{_name(path)} lacks the key {_quoted(name)}")


def _dict(value: Any, info: mi.DictType, path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"{_name(path)} must be a mapping of keys, not {_shown(value)}")
        return
    for key, item in value.items():
        yield from _walk(key, info.key_type, (*path, key), None)
        yield from _walk(item, info.value_type, (*path, key), None)


def _union(value: Any, info: mi.UnionType, path: Path) -> Iterator[Problem]:
    structs = [one for one in info.types if isinstance(one, mi.StructType)]
    if len(structs) > 1:
        yield from _tagged(value, structs, path)
        return
    if value is None and any(isinstance(one, mi.NoneType) for one in info.types):
        return
    for one in info.types:
        if not isinstance(one, mi.NoneType):
            yield from _walk(value, one, path, None)


def _tagged(value: Any, structs: list[mi.StructType], path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"{_name(path)} must be a mapping of keys, not {_shown(value)}")
        return
    tag_field = structs[0].tag_field or "kind"
    kinds = {str(one.tag): one for one in structs}
    if tag_field not in value:
        yield Problem(path, f"{_name(path)} lacks the key {_quoted(tag_field)}, one of {', '.join(sorted(kinds))}")
        return
    word = value[tag_field]
    if str(word) not in kinds:
        yield Problem((*path, tag_field), f"unknown {tag_field} {_quoted(word)}; {_nearest(str(word), list(kinds))}")
        return
    yield from _struct(value, kinds[word], path)


def _scalar(value: Any, info: mi.Type, path: Path, meta: mi.Metadata | None) -> Iterator[Problem]:
    name = _name(path)
    match info:
        case mi.LiteralType():
            if value not in info.values or isinstance(value, bool):
                words = [str(word) for word in info.values]
                yield Problem(path, f"unknown {name} {_quoted(value)}; {_nearest(str(value), words)}")
        case mi.IntType():
            if isinstance(value, bool) or not isinstance(value, int):
                digits = re.fullmatch(r"[A-Za-z ]*([0-9]{1,6})", value) if isinstance(value, str) else None
                hint = f"; write {digits[1]}" if digits else ""
                yield Problem(path, f"{name} must be a whole number, not {_shown(value)}{hint}")
        case mi.FloatType():
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield Problem(path, f"{name} must be a number, not {_shown(value)}")
            elif (info.gt is not None and value <= info.gt) or (info.le is not None and value > info.le):
                yield Problem(path, f"{name} must be above {info.gt} and at most {info.le}, not {value}")
        case mi.BoolType():
            if not isinstance(value, bool):
                yield Problem(path, f"{name} must be true or false, not {_shown(value)}")
        case mi.StrType():
            if not isinstance(value, str):
                hint = f'; write it in quotes: "{value}"' if isinstance(value, int | float) else ""
                yield Problem(path, f"{name} must be text, not {_shown(value)}{hint}")
            elif info.pattern is not None and re.search(info.pattern, value) is None:
                said = ((meta.extra_json_schema or {}) if meta else {}).get("description", f"text like {info.pattern}")
                yield Problem(path, f"{name} {_quoted(value)} is not of its form: {said}")
        case _:
            try:
                msgspec.convert(value, Any)
            except msgspec.ValidationError as error:
                yield Problem(path, f"{name}: {error}")


def _name(path: Path) -> str:
    """What the last part of a path is called in a message: a key, or an item of a list."""
    if not path:
        return "the file"
    if isinstance(path[-1], str):
        return path[-1]
    return f"item {path[-1] + 1} of {_name(path[:-1])}"


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    return f"the text {_quoted(value)}"


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, 1, 0.7)
    return f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(sorted(known))}"
