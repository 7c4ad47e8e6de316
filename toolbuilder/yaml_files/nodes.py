"""From YAML text to nodes: values that know where they stand, within bounds that hold before anything expands."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, NoReturn

import yaml
from pydantic import JsonValue

from toolbuilder.yaml_files.errors import in_plain_words
from toolbuilder.yaml_files.scalars import resolve
from toolbuilder.yaml_files.writer import DEEPEST

MOST_ALIASED = 100_000  # values and characters that all aliases of a file together may stand for
MOST_PROBLEMS = 100  # more than anybody reads


_NO_KEYS: Mapping[str, int] = MappingProxyType({})
_NO_PARTS: Mapping[str | int, "Node"] = MappingProxyType({})


class Node(NamedTuple):  # made far faster than a frozen dataclass, and a plan makes a hundred thousand of them
    """One value of a file; `at` and `key_at` are the offsets in the text where it and its keys begin."""

    value: JsonValue
    at: int
    weight: int  # values and characters inside, as often as aliases repeat them
    key_at: Mapping[str, int] = _NO_KEYS
    parts: Mapping[str | int, "Node"] = _NO_PARTS


class NotYaml(Exception):
    """The text is not YAML, or it is YAML that is refused: offsets in the text, and what is wrong there."""

    def __init__(self, problems: list[tuple[int, str]]):
        super().__init__(problems)
        self.problems = problems


def compose(text: str) -> Node:
    """Give the one document of a text. Raises NotYaml with every problem up to the one that hides the rest."""
    composer = _Composer(text)
    try:
        root = composer.document()
    except yaml.MarkedYAMLError as error:
        composer.stop(*in_plain_words(error, text))
    if composer.problems:
        raise NotYaml(sorted(composer.problems)[:MOST_PROBLEMS])
    return root


class _Composer:
    """Builds nodes from the parser's events, one by one, so that no bound is met too late; lives for one text."""

    def __init__(self, text: str):
        self.events: Iterator[yaml.Event] = iter(yaml.CSafeLoader(text).get_event, None)
        self.problems: list[tuple[int, str]] = []
        self.anchors: dict[str, Node | None] = {}  # None while the anchor's own value is being read
        self.aliased = 0

    def stop(self, at: int, message: str) -> NoReturn:
        raise NotYaml([*self.problems, (at, message)])

    def document(self) -> Node:
        next(self.events)  # the stream starts
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self.stop(0, "the file is empty")
        root = self.node(next(self.events), 0)
        next(self.events)  # the document ends
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            self.stop(_start(following), "a second document begins here; a file holds one")
        return root

    def node(self, event: yaml.Event, depth: int) -> Node:
        if depth > DEEPEST:
            self.stop(_start(event), f"nesting is deeper than {DEEPEST} levels")
        if isinstance(event, yaml.ScalarEvent) and event.tag is None and event.anchor is None:
            return self.scalar(event)
        at = _start(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor or "", at)
        if not isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self.stop(at, "the file ends in the middle of a value")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problems.append((at, f"the tag `{tag}` is not allowed; write the value without it"))
        if event.anchor:
            self.anchors[event.anchor] = None
        node = self.untagged(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def untagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(_start(event), depth)
        return self.mapping(_start(event), depth)

    def alias(self, name: str, at: int) -> Node:
        if name not in self.anchors:
            self.stop(at, f"`*{name}` stands for nothing: there is no `&{name}` before it")
        target = self.anchors[name]
        if target is None:
            self.stop(at, f"`*{name}` stands inside the value that it names")
        self.aliased += target.weight
        if self.aliased > MOST_ALIASED:
            self.stop(at, "aliases repeat too much; write the values out")
        return Node(target.value, at, target.weight, target.key_at, target.parts)

    def scalar(self, event: yaml.ScalarEvent) -> Node:
        at, text = _start(event), event.value
        if not event.implicit[0]:
            return Node(text, at, 1 + len(text))
        try:
            return Node(resolve(text), at, 1 + len(text))
        except ValueError as error:
            self.problems.append((at, str(error)))
            return Node(None, at, 1)

    def sequence(self, at: int, depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        weight = 1 + sum(item.weight for item in items)
        return Node([item.value for item in items], at, weight, parts=dict(enumerate(items)))

    def mapping(self, at: int, depth: int) -> Node:
        items: dict[str | int, Node] = {}
        values: dict[str, JsonValue] = {}
        key_at: dict[str, int] = {}
        weight = 1
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, key_starts = self.key(event), _start(event)
            if key_at.setdefault(key, key_starts) != key_starts:
                self.problems.append((key_starts, f"the key `{key}` stands twice in the same place"))
            items[key] = item = self.node(next(self.events), depth + 1)
            values[key] = item.value
            weight += 1 + len(key) + item.weight
        return Node(values, at, weight, key_at, items)

    def key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self.stop(_start(event), "a key is plain text, not a list, a mapping or an alias")
        if event.tag is not None or event.anchor:
            self.problems.append((_start(event), "a key is plain text, without tag or anchor"))
        return event.value


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0
