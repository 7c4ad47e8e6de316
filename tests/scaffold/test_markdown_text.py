from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from toolbuilder.scaffold.markdown_text import code, escaped, fenced, table
from toolbuilder.scaffold.plain_text import paragraphs

RENDERER = MarkdownIt("gfm-like", {"linkify": False})
MARKED = st.lists(
    st.sampled_from([*"#*_[]()<>|~&$\\`-+=:1.! \nab'\"", "&amp;", "http://x.y", "1) ", "```", "---"])
).map("".join)


def tokens(markdown: str) -> list[Token]:
    flat = []
    for token in RENDERER.parse(markdown):
        flat += [token, *(token.children or [])]
    return flat


def shown(markdown: str) -> str:
    ends = {"softbreak": "\n", "paragraph_close": "\n\n"}
    inline = ("text", "text_special", "code_inline", "code_block", "fence")
    return "".join(token.content if token.type in inline else ends.get(token.type, "") for token in tokens(markdown))


@settings(deadline=None, derandomize=True)
@given(MARKED.filter(lambda text: "`" not in text))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    plain = "\n".join(paragraphs(text))

    assert shown(escaped(plain)).strip() == plain


@settings(deadline=None, derandomize=True)
@given(MARKED)
def test_escaped_text_is_paragraphs_only(text: str) -> None:
    kinds = {token.type for token in tokens(escaped("\n".join(paragraphs(text))))}

    assert kinds <= {
        "paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline", "softbreak",
    }  # fmt: skip


def test_the_check_notices_text_that_is_not_escaped() -> None:
    assert shown("a *b* &amp; c").strip() != "a *b* &amp; c"
    assert "list_item_open" in {token.type for token in tokens("- a")}


def test_words_in_backticks_stay_code() -> None:
    assert escaped("the option `--a_b*c` is_good") == r"the option `--a_b*c` is\_good"


@settings(deadline=None, derandomize=True)
@given(MARKED)
def test_a_fence_holds_any_text(text: str) -> None:
    only, *others = tokens(fenced(text, "text"))

    assert (only.type, only.content, others) == ("fence", text.removesuffix("\n") + "\n", [])


@settings(deadline=None, derandomize=True)
@given(MARKED.map(lambda text: " ".join(text.split())).filter(bool))
def test_code_holds_any_line(text: str) -> None:
    assert [token.content for token in tokens(code(text)) if token.type == "code_inline"] == [text]


@settings(deadline=None, derandomize=True)
@given(st.lists(MARKED, min_size=2, max_size=2))
def test_a_table_keeps_its_columns(cells: list[str]) -> None:
    rendered = tokens(table(("A", "B"), [(escaped(cells[0]), escaped(cells[1]))]))

    assert [token.type for token in rendered].count("td_open") == 2
