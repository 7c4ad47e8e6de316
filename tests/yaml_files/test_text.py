import time

import pytest

from toolbuilder.errors import FileIsWrong, Problem
from toolbuilder.yaml_files.text import LARGEST_FILE, LONGEST_MESSAGE, Located, load


def problems(text: str | bytes) -> list[tuple[int, int, str]]:
    with pytest.raises(FileIsWrong) as caught:
        load(text.encode() if isinstance(text, str) else text, "some.yaml")
    assert all(problem.file == "some.yaml" for problem in caught.value.problems)
    return [(problem.line, problem.column, problem.message) for problem in caught.value.problems]


def loaded(text: str) -> Located:
    return load(text.encode(), "some.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("2024-01-01", "2024-01-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("=", "="),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-7", -7),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("2.", 2.0),
        ("'1'", "1"),
        ('"true"', "true"),
        ("1.2.3", "1.2.3"),
        ("+", "+"),
        ("|\n  a\n  b", "a\nb"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_scalars_mean_what_the_core_schema_says(written: str, value: object) -> None:
    found = loaded(f"key: {written}").value

    assert found == {"key": value}
    assert type(found["key"]) is type(value)


def test_keys_are_always_their_own_text() -> None:
    assert loaded("{1: a, true: b, null: c, 1.0: d, <<: e, '2': f, no: g}").value == {
        "1": "a", "true": "b", "null": "c", "1.0": "d", "<<": "e", "2": "f", "no": "g",
    }  # fmt: skip


def test_every_value_and_every_key_has_its_place() -> None:
    located = loaded("# comment\nname: é\nlist:\n  - {a: 1,  b: [x, yy]}\n  - deep:\n      deeper: 'z'\n")

    assert located.position_of(()) == (2, 1)
    assert located.position_of(("name",)) == (2, 7)
    assert located.position_of(("list", 0, "b", 1)) == (4, 20)
    assert located.key_position_of(("list", 0, "b")) == (4, 13)
    assert located.position_of(("list", 1, "deep", "deeper")) == (6, 15)
    assert located.key_position_of(("list", 1, "deep", "deeper")) == (6, 7)


def test_a_path_that_leads_nowhere_gives_the_nearest_value_around() -> None:
    located = loaded("list:\n  - a: 1\n")

    assert located.position_of(("list", 0, "b")) == (2, 5)
    assert located.position_of(("list", 0, "b", "c", 7)) == (2, 5)
    assert located.key_position_of(("list", 3, "a")) == (2, 3)
    assert located.position_of(("nothing",)) == (1, 1)


def test_columns_count_characters_and_lines_count_as_editors_do() -> None:
    assert loaded("a: '\u2028'\r\nb: {é😀: x}\r\n").position_of(("b", "é😀")) == (2, 9)


def test_an_alias_stands_where_it_is_written_and_its_parts_where_they_are() -> None:
    located = loaded("a: &x {k: 1}\nb: *x\n")

    assert located.value == {"a": {"k": 1}, "b": {"k": 1}}
    assert located.position_of(("b",)) == (2, 4)
    assert located.position_of(("b", "k")) == (1, 11)


def test_a_byte_order_mark_of_utf_8_is_accepted() -> None:
    assert load(b"\xef\xbb\xbfa: 1", "some.yaml").value == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "the file is empty"),
        ("# nothing\n", 1, 1, "the file is empty"),
        (b"a: \xff", 1, 4, "the byte 0xff is not UTF-8"),
        ("é: 1\nb: ".encode() + b"\xe9", 2, 4, "the byte 0xe9 is not UTF-8"),
        ("a: 1".encode("utf-16"), 1, 1, "UTF-16"),
        ("a: 1".encode("utf-16-be"), 1, 1, "NUL"),
        (b"a: 1\nb: \x00", 2, 4, "NUL"),
        ("a: \x1b[31m", 1, 4, "U+001B"),
        ("a:\n\tb: 1", 2, 1, "a tab"),
        ("a: |\n\ttext\n", 2, 1, "a tab"),
        ("a: 'x\nb: 1\n", 1, 4, "quote is never closed"),
        ("a: [1, 2\n", 1, 4, "`[` is not closed"),
        ("a: {b: 1\n", 1, 4, "`{` is not closed"),
        ("a: b: c", 1, 5, "text with `: ` needs quotes"),
        ("a: @x", 1, 4, "needs quotes"),
        ("a: 1\nb", 2, 1, "a key without its `:`"),
        ("a:\n  - b\n c: d", 3, 2, "wrong indentation"),
        ("- a\nb: 1", 2, 1, "wrong indentation"),
        ('a: "\\q"', 1, 5, "escape"),
        ("a: *", 1, 5, "needs quotes"),
        ("a: 1\n---\nb: 1", 2, 1, "a second document"),
        ("a: 1\nb: 2\na: 3", 3, 1, "the key `a` stands twice"),
        ("a: !!python/object/apply:os.system [ls]", 1, 4, "the tag `!!python/object/apply:os.system`"),
        ("a: !mine 1", 1, 4, "the tag `!mine`"),
        ("? [a]\n: b", 1, 3, "a key is plain text"),
        ("x: &x a\n*x : b", 2, 1, "a key is plain text"),
        ("&k a: b", 1, 1, "a key is plain text"),
        ("a: *b", 1, 4, "there is no `&b` before it"),
        ("a: &a [*a]", 1, 8, "stands inside the value that it names"),
        ("a: .inf", 1, 4, "not a number here"),
        ("a: .NaN", 1, 4, "not a number here"),
        ("a: 1e999", 1, 4, "too large"),
        ("a: " + "9" * 5000, 1, 4, "5000 digits"),
        ("a: " + "[" * 200_000, 1, 104, "deeper than 100 levels"),
        ("- " * 100_000, 1, 203, "deeper than 100 levels"),
        ("%YAML 3.0\n--- a", 1, 1, "this is not YAML"),
    ],
)  # fmt: skip
def test_what_is_refused_is_refused_in_its_place(text: str | bytes, line: int, column: int, words: str) -> None:
    (found,) = problems(text)

    assert found[:2] == (line, column)
    assert words in found[2]


def test_several_problems_come_at_once() -> None:
    assert [place[:2] for place in problems("a: 1\na: 2\nb: !x 1\nc: .inf\n")] == [(2, 1), (3, 4), (4, 4)]


def test_problems_before_a_syntax_error_are_told_too() -> None:
    assert [place[:2] for place in problems("a: 1\na: 2\nb: [\n")] == [(2, 1), (4, 1)]


def test_aliases_that_explode_are_refused_before_they_expand() -> None:
    bomb = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    started = time.process_time()

    assert "aliases repeat too much" in problems(bomb)[0][2]
    assert "aliases repeat too much" in problems(f"a: &a {'x' * 60_000}\nb: [*a, *a]\n")[0][2]
    assert time.process_time() - started < 1


def test_a_huge_file_is_refused_unread() -> None:
    assert problems(b"[" * (LARGEST_FILE + 1)) == [(0, 0, "the file is larger than 1 MiB; move large data out of it")]


def test_no_text_of_the_largest_size_takes_long() -> None:
    started = time.process_time()
    for text in ("[" * LARGEST_FILE, "{a: " * (LARGEST_FILE // 4), "'" + "\n" * (LARGEST_FILE - 1), "? " * 500_000):
        assert problems(text)

    assert time.process_time() - started < 2


def test_a_message_stays_on_its_line_whatever_it_quotes() -> None:
    found = problems('"a\\nb\\e[31m": 1\n"a\\nb\\e[31m": 2\n')[0][2]
    long = problems(f"? {'k' * 5000}\n: 1\n? {'k' * 5000}\n: 1\n")[0][2]

    assert found == "the key `a\\nb\\x1b[31m` stands twice in the same place"
    assert len(long) == LONGEST_MESSAGE + 1


def test_a_located_value_makes_problems() -> None:
    located = loaded("a: {b: 1}")

    assert located.problem(("a", "b"), "too small") == Problem("some.yaml", 1, 8, "too small")
    assert located.key_problem(("a", "b"), "no such key") == Problem("some.yaml", 1, 5, "no such key")
