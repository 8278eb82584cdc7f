"""A YAML file as plain values that know their lines: bounded, without tags, and with no key twice.

The values are those of YAML 1.2's core schema, so ``10:00`` and ``2026-01-11`` stay text, as a plan means them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

from bot.domain.mistakes import Path as Keys
from bot.domain.mistakes import shown
from bot.settings.errors import ConfigurationError, line

LARGEST = 1024 * 1024  # 1 MiB; the built-in plan has 12 kB
_DEEPEST = 40  # a plan has eight levels; PyYAML and pydantic recurse
_MOST_VALUES = 50_000  # a plan has some hundreds; aliases may repeat a few, never multiply them

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]


_CORE = "tag:yaml.org,2002:"
_PLAIN = {
    "bool": (re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), "tTfF"),
    "null": (re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    "int": (re.compile(r"[-+]?[0-9]{1,18}\Z"), "-+0123456789"),
    "float": (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z"), "-+.0123456789"),
}


# PyYAML's own table: a plain scalar's first character -> the tags it may mean, each with its pattern, in order.
_RESOLVERS = {
    first: [(_CORE + tag, pattern) for tag, (pattern, starts) in _PLAIN.items() if first in starts]
    for first in {character for _, starts in _PLAIN.values() for character in starts}
}


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = _RESOLVERS


# Either is made from a text and composes nodes; the one in C has a base class of its own.
_InC = cast("type[yaml.SafeLoader]", yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)


class _QuickLoader(_InC):
    """The same in C, where PyYAML was built so, as its wheels are: a tenth of a second of every start."""

    yaml_implicit_resolvers = _RESOLVERS


_AnyLoader = type[_Loader] | type[_QuickLoader]


@dataclass(frozen=True)
class Document:
    """The values of a file, and the line (1 is the first) on which each key or list item begins."""

    name: str
    value: Value
    lines: dict[Keys, int] = field(default_factory=dict[Keys, int])

    def place(self, path: Keys) -> str:
        """``file:line`` of a path, or of the nearest thing above it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


def read_yaml(path: Path) -> Document:
    """Read a file.

    Raises:
        ConfigurationError: it cannot be read, is larger than 1 MiB, no YAML, or more than a plain tree of values.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError((line(name, "", f"cannot be read: {error.strerror}", "a readable file"),)) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, name: str) -> Document:
    """Read the content of a file; `name` is what mistakes call it. Raises as `read_yaml` does."""
    if len(content) > LARGEST:
        raise ConfigurationError((line(name, "", "is too large", "at most 1 MiB"),))
    try:
        node = _composed(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise ConfigurationError((line(name, "", f"byte {error.start} is not UTF-8", "UTF-8 text"),)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        raise ConfigurationError((line(place, "", f"{error.problem}", "one YAML document"),)) from error
    except yaml.YAMLError as error:
        raise ConfigurationError((line(name, "", f"{error}", "YAML in printable characters"),)) from error
    if node is None:
        raise ConfigurationError((line(name, "", "is empty", "a YAML mapping"),))
    return _Construction(name).document(node)


def _composed(text: str, name: str) -> yaml.Node | None:
    try:
        return _composed_with(_QuickLoader, text, name)
    except yaml.YAMLError:
        # Read once more for the mistake: the slower one names it better.
        return _composed_with(_Loader, text, name)


def _composed_with(loader: _AnyLoader, text: str, name: str) -> yaml.Node | None:
    _refuse_depth(loader, text, name)
    return yaml.compose(text, loader)


def _refuse_depth(loader: _AnyLoader, text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            place = f"{name}:{_line(event)}"
            raise ConfigurationError((line(place, "", "is nested too deeply", f"{_DEEPEST} levels"),))


class _Construction:
    """Turns nodes into values, and collects each line and mistake on the way."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[Keys, int] = {}
        self._mistakes: list[str] = []
        self._count = 0

    def document(self, node: yaml.Node) -> Document:
        value = self._value(node, ())
        if self._mistakes:
            raise ConfigurationError(tuple(self._mistakes))
        return Document(self._name, value, self._lines)

    def _value(self, node: yaml.Node, path: Keys) -> Value:
        self._count += 1
        if self._count > _MOST_VALUES or len(path) > _DEEPEST:
            place = f"{self._name}:{_line(node)}"
            allowed = f"{_MOST_VALUES} values, {_DEEPEST} levels"
            raise ConfigurationError((line(place, "", "holds too much once aliases are followed", allowed),))
        self._lines.setdefault(path, _line(node))
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_CORE}map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_CORE}seq":
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        return self._refuse_tag(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Keys) -> Value:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, path, "a key is not plain text", "text as a key")
                continue
            key, inner = key_node.value, (*path, key_node.value)
            if key in values:
                wrong = f"the key {key!r} is already on line {self._lines[inner]}"
                self._refuse(key_node, inner, wrong, "each key once")
                continue
            self._lines[inner] = _line(key_node)
            values[key] = self._value(value_node, inner)
        return values

    def _scalar(self, node: yaml.ScalarNode, path: Keys) -> Value:
        kind = node.tag.removeprefix(_CORE)
        if kind == "str":
            return node.value
        if kind not in _PLAIN or not _PLAIN[kind][0].match(node.value):
            return self._refuse_tag(node, path)
        if kind == "null":
            return None
        if kind == "bool":
            return node.value.lower() == "true"
        return int(node.value) if kind == "int" else float(node.value)

    def _refuse_tag(self, node: yaml.Node, path: Keys) -> None:
        self._refuse(
            node, path, f"the tag {node.tag!r} is not for this file", "plain text, numbers, lists and mappings"
        )

    def _refuse(self, node: yaml.Node, path: Keys, wrong: str, allowed: str) -> None:
        self._mistakes.append(line(f"{self._name}:{_line(node)}", shown(path), wrong, allowed))


def _line(at: yaml.Node | yaml.Event) -> int:
    return at.start_mark.line + 1 if at.start_mark else 1
