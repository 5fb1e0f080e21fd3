"""Which files are taken."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from files import rules
from tests.files.samples import GOOD, HOSTILE


@pytest.mark.parametrize("name", GOOD)
def test_a_file_whose_content_is_what_its_name_says_is_taken(name):
    assert (
        rules.content_type_of(name, GOOD[name])
        == rules.KINDS[name.rpartition(".")[2].casefold()].content_type
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(name):
    with pytest.raises(ValidationError) as refused:
        rules.content_type_of(rules.clean_name(name), HOSTILE[name])
    assert refused.value.messages[0]


def test_there_are_at_least_sixty_hostile_files():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("in\u202efdp.exe", "infdp.exe"),
        ("a\x00b\r\nX: y.txt", "abX: y.txt"),
        ("a" * 255 + ".pdf", "a" * 156 + ".pdf"),
        ("Größe 😀.pdf", "Größe 😀.pdf"),
    ],
)
def test_a_name_loses_its_path_and_its_unseen_signs(typed, kept):
    assert rules.clean_name(typed) == kept


@given(st.text(max_size=300))
def test_a_cleaned_name_is_short_and_without_path_or_line_breaks(name):
    kept = rules.clean_name(name)
    assert len(kept) <= rules.LONGEST_NAME
    assert not set(kept) & set("/\\\r\n\x00")


@given(st.binary(min_size=1, max_size=400), st.sampled_from([*rules.KINDS, "exe"]))
def test_any_bytes_are_judged_without_an_error_of_our_own(content, extension):
    try:
        assert rules.content_type_of(f"a.{extension}", content)
    except ValidationError as refused:
        assert refused.messages
