"""Pipelines as JSON and TOML, so that a recipe's file can hold them.

    name = "mine"
    swaps = [["wave left", "wave right"]]
    [[steps]]
    do = "multi_scale_corner_crop"
    side = 112

Numbers that are left out have their usual value; unknown names and numbers of a wrong sort are refused.
"""

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from training.ml.augment.mixing import Mix
from training.ml.augment.pipeline import MIXES, TRANSFORMS, BadPipeline, Pipeline, Transform


def to_facts(pipeline: Pipeline) -> dict[str, Any]:
    """The pipeline as plain dicts and lists, every number told."""
    names: dict[type, str] = {kind: name for table in (TRANSFORMS, MIXES) for name, kind in table.items()}

    def told(each: Any) -> dict[str, Any]:
        return {"do": names[type(each)], **dataclasses.asdict(each)}

    return {
        "name": pipeline.name,
        "swaps": [list(pair) for pair in pipeline.swaps],
        "steps": [told(each) for each in pipeline.steps],
        "mixes": [told(each) for each in pipeline.mixes],
    }


def from_facts(facts: Mapping[str, Any], where: str) -> Pipeline:
    """The pipeline of what `to_facts`, JSON or TOML gave. Raises BadPipeline; `where` begins its sentence."""
    if not isinstance(facts, Mapping):
        raise BadPipeline(f"{where} holds no pipeline: it must be a table with name and steps.")
    strange = set(facts) - {"name", "swaps", "steps", "mixes"}
    if strange:
        raise BadPipeline(f"{where}: a pipeline has name, steps, mixes and swaps, no {sorted(strange)[0]}.")
    steps: list[Transform] = [_made(TRANSFORMS, each, where) for each in _rows(facts, "steps", where)]
    mixes: list[Mix] = [_made(MIXES, each, where) for each in _rows(facts, "mixes", where)]
    swaps = _value(tuple[tuple[str, str], ...], facts.get("swaps", []), f"{where}: swaps")
    name = _value(str, facts.get("name", ""), f"{where}: name")
    return Pipeline(name, tuple(steps), tuple(mixes), swaps)


def write(pipeline: Pipeline, path: Path) -> None:
    """The pipeline as a file, TOML or JSON by its ending. Raises BadPipeline for another."""
    facts = to_facts(pipeline)
    if path.suffix == ".json":
        path.write_text(json.dumps(facts, indent=2) + "\n")
    elif path.suffix == ".toml":
        path.write_text(_toml(facts))
    else:
        raise BadPipeline(f"{path.name}: a pipeline is written as .toml or .json.")


def read(path: Path) -> Pipeline:
    """The pipeline of a file. Raises BadPipeline, with the file, and the line of wrong syntax."""
    try:
        text = path.read_text("utf-8")
        facts = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise BadPipeline(f"The pipeline {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # of JSON, TOML and UTF-8 alike
        raise BadPipeline(f"{path.name} is no pipeline: {error}.") from error
    return from_facts(facts, path.name)


def _rows(facts: Mapping[str, Any], key: str, where: str) -> list[Any]:
    rows = facts.get(key, [])
    if not isinstance(rows, list):
        raise BadPipeline(f"{where}: {key} must be a list of tables, such as [[{key}]] in TOML.")
    return rows


def _made(table: Mapping[str, type], row: Any, where: str) -> Any:
    name: Any = row.get("do") if isinstance(row, Mapping) else row
    if not isinstance(row, Mapping) or name not in table:
        raise BadPipeline(f"{where}: there is no {name!r} to do; there are: {', '.join(table)}.")
    kinds = get_type_hints(table[name])
    fields = {field.name for field in dataclasses.fields(table[name])}
    strange = [key for key in row if key != "do" and key not in fields]
    if strange:
        raise BadPipeline(f"{where}: {name} has no {strange[0]}; it has: {', '.join(sorted(fields))}.")
    rest = {key: value for key, value in row.items() if key != "do"}
    given = {key: _value(kinds[key], value, f"{where}: {key} of {name}") for key, value in rest.items()}
    return table[name](**given)


def _value(kind: Any, value: Any, what: str) -> Any:
    """The value as that type: a float may be written as a whole number, a tuple is a list."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal and any(value == each and type(value) is type(each) for each in parts):
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind in (int, str, bool) and type(value) is kind:
        return value
    if origin is tuple and isinstance(value, list | tuple):
        kinds = [parts[0]] * len(value) if parts[1] is Ellipsis else list(parts)
        if len(kinds) == len(value):
            return tuple(_value(each, part, what) for each, part in zip(kinds, value, strict=True))
    raise BadPipeline(f"{what} must be {_words(kind)}, not {value!r}.")


def _words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        return "a list of such" if parts[1] is Ellipsis else f"a list of {len(parts)}"
    return _WORDS[kind]


_WORDS: dict[Any, str] = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


def _toml(facts: Mapping[str, Any]) -> str:
    """Facts of `to_facts` as TOML; JSON writes texts, numbers and lists as TOML has them."""
    lines = [f"{key} = {json.dumps(facts[key])}" for key in ("name", "swaps")]
    for key in ("steps", "mixes"):
        for row in facts[key]:
            lines += ["", f"[[{key}]]", *(f"{name} = {json.dumps(value)}" for name, value in row.items())]
    return "\n".join(lines) + "\n"
