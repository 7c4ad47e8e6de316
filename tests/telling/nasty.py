"""What somebody may write to make a page do more than show it."""

from hypothesis import strategies as st

PIECES = (
    "@octocat", "@org/team", "#12", "GH-7", "octo/tools#3", "fixes #12", "Closes: octo/tools#3", "resolved GH-1",
    "closes https://github.com/o/r/issues/5", "https://evil.example/x", "www.evil.example", "![i](https://evil/x.png)",
    "[a](b)", "[a]: b", "<img src=x>", "</details>", "<!-- x", "-->", "<summary>", "|", "\\|", "\\", "`", "``", "```", "~~~",
    "`code`", "`@octocat`", "``a|b``", "*", "**", "_", "__", "~~", "$$", "&lt;", "&#64;a", "# a", "- a", "1. a", "> a", "---",
    "===", "+ a", ":", "%%{init: {}}%%", '"]', "end", "{{", "a", " ", "x", "\u200b", "\u202e", "\xa0", "é@octocat", "::error::x",
)  # fmt: skip
LINES = (*PIECES, "\n", "\n\n", "\r", "\t", "\n```\n", "\n~~~~\n", "\n</details>\n\n# a\n")

one_line = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
several_lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=8).map("".join)
