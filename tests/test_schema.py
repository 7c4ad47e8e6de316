import pytest

from toolbuilder.schema import canonical_json, digest, digest_files


def test_the_order_of_keys_is_part_of_a_value() -> None:
    assert digest({"INFO": 2, "ERROR": 1}) != digest({"ERROR": 1, "INFO": 2})


def test_the_order_of_files_is_not() -> None:
    assert digest_files({"a": b"1", "b": b"2"}) == digest_files({"b": b"2", "a": b"1"})
    assert digest_files({"a": b"1"}) != digest_files({"a": b"2"}) != digest_files({"b": b"2"})


def test_what_has_no_canonical_form_is_refused() -> None:
    assert canonical_json([1, "é", None]) == '[1,"é",null]'
    with pytest.raises(TypeError, match="object has no canonical JSON form"):
        digest(object())
