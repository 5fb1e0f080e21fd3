"""Identifiers: version 7, different, ascending within a millisecond of one process."""

from core import ids


def test_ids_of_one_millisecond_ascend(monkeypatch):
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_795_000_000_123_000_000)
    made = [ids.uuid7() for _n in range(2_000)]
    assert made == sorted(made)
    assert len(set(made)) == 2_000
    assert {(found.version, found.variant, found.int >> 80) for found in made} == {
        (7, "specified in RFC 4122", 1_795_000_000_123)
    }


def test_a_clock_that_goes_back_is_followed(monkeypatch):
    later = ids.uuid7()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_500_000_000_000_000_000)
    assert ids.uuid7() < later


def test_many_at_once_are_as_different_as_one_by_one():
    before = ids.uuid7()
    made = [*ids.uuid7s(2_000), ids.uuid7()]
    assert made == sorted(made)
    assert len({before, *made}) == 2_002
    assert ids.uuid7s(0) == []
