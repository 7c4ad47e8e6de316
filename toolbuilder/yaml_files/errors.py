"""What the YAML parser complains of, in words for a person who writes a file by hand."""

import re
from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class _Complaint:
    said: str  # a regular expression over the parser's words
    words: str
    where_it_began: bool = False  # the place to look at is where the thing began, not where the parser gave up


_COMPLAINTS = (
    _Complaint("tab character", "a tab stands where YAML wants spaces"),
    _Complaint("end of stream.* quoted", "this quote is never closed", where_it_began=True),
    _Complaint("expected ',' or '\\]'", "this `[` is not closed, or a comma is missing in it", where_it_began=True),
    _Complaint("expected ',' or '}'", "this `{` is not closed, or a comma is missing in it", where_it_began=True),
    _Complaint("flow node", "this bracket is not closed, or a value is missing in it", where_it_began=True),
    _Complaint("mapping values are not allowed", "a second `: ` or a wrong indentation; text with `: ` needs quotes"),
    _Complaint("could not find expected ':'", "a key without its `:`", where_it_began=True),
    _Complaint("cannot start any token", "text that begins with `%`, `@` or a backtick needs quotes"),
    _Complaint("expected '-' indicator", "wrong indentation: an item of the list, beginning with `- `, belongs here"),
    _Complaint("expected key.*block mapping", "wrong indentation: a key of the mapping around it belongs here"),
    _Complaint("escape", "this escape is unknown; write a backslash as two, or use single quotes"),
    _Complaint("scanning an? (alias|anchor)", "text that begins with `&` or `*` needs quotes"),
    _Complaint("scanning a tag", "text that begins with `!` needs quotes"),
    _Complaint("block scalar", "after `|` or `>` the text begins on the next line, indented by spaces"),
    _Complaint("<document start>", "something that does not belong to the value before it"),
)


def in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """Give the offset in the text and a plain sentence for an error of the parser."""
    at = _offset(error.problem_mark, text)
    if re.match("found character that cannot start|found a tab", error.problem or "") and text[at : at + 1] == "\t":
        return at, _COMPLAINTS[0].words
    said = f"{error.problem} {error.context}"
    for complaint in _COMPLAINTS:
        if re.search(complaint.said, said):
            began = _offset(error.context_mark or error.problem_mark, text)
            return (began if complaint.where_it_began else at), complaint.words
    return at, f"this is not YAML: {error.problem}"


def _offset(mark: yaml.Mark | None, text: str) -> int:
    return min(mark.index, len(text)) if mark else 0
