"""Block text is indented line by line, and empty lines stay empty."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.recording.yaml_text import LINE_ENDS, decode, encode

parts = st.lists(st.sampled_from(["\n", "\n\n", "a", "b: c", " ", "    ", "\t", "#", "é", "-"]), max_size=12).map(
    "".join
)


def _stripped(block: str) -> list[str]:
    return [line[4:] for line in block.split("\n")]


@settings(max_examples=300, deadline=None)
@given(parts, st.sampled_from(sorted(LINE_ENDS)))
def test_a_block_holds_the_lines_of_the_answer(text, line_end):
    data = decode(text, line_end)
    shown = encode("response", data, indent="  ", usual=line_end)
    if not text.strip() or "\n" not in text:
        return
    head, _, block = shown.partition("\n")
    assert head.startswith("  response: |")
    assert all(line == "" or line.startswith("    ") for line in block.split("\n"))
    assert _stripped(block) == (text if text.endswith("\n") else text + "\n").split("\n")


@pytest.mark.parametrize("line_end", sorted(LINE_ENDS))
@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff"])
def test_what_no_line_of_yaml_can_hold_is_base64(line_end, sign):
    data = decode(f"a\n{sign}\n", line_end)
    assert "response_base64" in encode("response", data, indent="  ", usual=line_end)


@pytest.mark.parametrize("text", ["a\n\tb ~", "é\nb"])
def test_what_can_be_shown_is(text):
    assert encode("response", text.encode(), indent="", usual="lf").startswith("response: |")
