"""Conformance tests are named as related, and never as passed."""

from __future__ import annotations

import pytest

from harness.radio.related_tests import related_tests, related_words, topics, topics_of


@pytest.mark.parametrize(
    ("topics_", "clauses"),
    [
        (topics_of("band", rats=("lte",)), {"8.5.4.1"}),
        (topics_of("band", rats=("nr",)), {"8.1.5.1.1"}),
        (topics_of("combination", type_="en_dc"), {"8.2.2.4.1", "8.2.2.5.1"}),
        (topics_of("mfbi"), {f"6.1.2.{n}" for n in range(19, 24)}),
        (topics_of("attach", rats=("lte",), cause=5), {"9.2.1.1.1", "9.2.1.1.1a", "9.2.1.1.2", "9.2.1.1.29"}),
        (topics_of("registered", cause=11), {"6.1.1.1", "9.2.1.1.1", "9.2.1.1.9 to 9.2.1.1.17"}),
        (topics_of("volte"), {"9.2.1.1.28"}),
        (topics_of("google_apps"), set()),
        (topics_of("band", rats=("gsm",)), set()),
    ],
)
def test_the_tests_of_a_requirement(topics_, clauses):
    assert {one.clause for one in related_tests(topics_)} == clauses


def test_words_say_related_and_nothing_more():
    for topic in topics():
        words = related_words(related_tests([topic]))
        assert words.startswith("related to TS ")
        assert "pass" not in words
    assert related_words(()) == ""


@pytest.mark.parametrize(
    ("kind", "told", "topics_"),
    [
        ("band", {"rats": ("lte",)}, ("band",)),
        ("band", {"rats": ("lte_m",)}, ("band",)),
        ("band", {"rats": ("nb_iot",)}, ("band_nb_iot",)),
        ("band", {"rats": ("nr_sa",)}, ("band_nr",)),
        ("band", {"rats": ("nr_nsa",)}, ("band_en_dc",)),
        ("band_enabled", {"rats": ("lte", "nr")}, ("band", "band_nr")),
        ("band", {"rats": ("umts",)}, ()),
        ("combination", {"type_": "lte_ca"}, ("lte_ca",)),
        ("combination", {"type_": "never"}, ()),
        ("attach", {"rats": ("nr_sa",)}, ("attach", "attach_nr")),
        ("registered", {"rats": ("lte",)}, ("registered",)),
        ("registered", {"rats": ("nr",)}, ("registered", "attach_nr")),
        ("ics", {}, ("band",)),
        ("ue_category", {}, ("band",)),
        ("mfbi", {"cause": 5}, ("mfbi", "cause_5")),
        ("mfbi", {"cause": 99}, ("mfbi",)),
    ],
)
def test_the_topics_of_a_requirement(kind, told, topics_):
    assert topics_of(kind, **told) == tuple(one for one in topics_ if one in topics())
    assert topics_of(kind, **told) == topics_
