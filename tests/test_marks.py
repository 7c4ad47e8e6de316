from toolbuilder.marks import marked, shown_tip, verified_tip

TIP, OTHER = "a" * 40, "b" * 64


def test_a_mark_tells_which_commit_is_shown_and_whether_it_was_verified() -> None:
    plain, verified = marked("Text.\n", TIP, verified=False), marked("Text.", OTHER, verified=True)
    assert (shown_tip(plain), verified_tip(plain)) == (TIP, "")
    assert (shown_tip(verified), verified_tip(verified)) == (OTHER, OTHER)
    assert plain.startswith("Text.\n\n<!-- ")


def test_there_is_one_mark_and_it_stands_at_the_end() -> None:
    text = marked(marked("Text.", TIP, verified=True), OTHER, verified=False)
    assert (text.count("<!--"), shown_tip(f"{text}\r\n"), verified_tip(text)) == (1, OTHER, "")
    assert shown_tip(f"{text}\nand more") == shown_tip("") == verified_tip("no mark") == ""
