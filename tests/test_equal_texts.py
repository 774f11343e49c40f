"""What a text told is remembered, and never for another text, another question, or for one that failed."""

import pytest

from harness.equal_texts import forget_all, remembered


def counting(most=8, longest=20):
    asked = []

    @remembered(most, longest)
    def read(text, /, *rest, **named):
        """Reads."""
        asked.append((text, rest, named))
        if text == "bad":
            raise ValueError(text)
        return (text.upper(), *rest, *named.items())

    return read, asked


def test_an_equal_text_is_read_once():
    read, asked = counting()
    assert [read("".join(["a", "b"])), read("ab")] == [("AB",), ("AB",)]
    assert len(asked) == 1
    assert read.__doc__ == "Reads."


def test_what_else_is_asked_is_another_question():
    read, asked = counting()
    assert [read("ab"), read("ab", 1), read("ab", 2), read("ab", why=1)] == [
        ("AB",),
        ("AB", 1),
        ("AB", 2),
        ("AB", ("why", 1)),
    ]
    assert len(asked) == 4


def test_a_long_text_and_the_eldest_are_not_kept():
    read, asked = counting(most=2, longest=3)
    for text in ("long", "long", "a", "b", "c", "a"):
        assert read(text) == (text.upper(),)
    assert [text for text, *_ in asked] == ["long", "long", "a", "b", "c", "a"]


def test_a_failure_is_not_kept_and_all_can_be_forgotten():
    read, asked = counting()
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            read("bad")
    read("a")
    forget_all()
    read("a")
    assert [text for text, *_ in asked] == ["bad", "bad", "a", "a"]
