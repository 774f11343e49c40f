"""What is kept of texts, and what is not."""

from harness.simulation.remembered import LONGEST, MOST, remembered


def test_an_answer_is_found_once_unless_the_text_is_long_or_long_ago():
    asked = []

    @remembered
    def length(text):
        asked.append(text)
        return len(text)

    long = "x" * (LONGEST + 1)
    assert [length("a"), length("a"), length(long), length(long)] == [1, 1, LONGEST + 1, LONGEST + 1]
    assert asked == ["a", long, long]
    for number in range(MOST):
        length(str(number))
    length("a")
    assert asked[-1] == "a"
