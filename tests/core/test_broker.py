"""The broker of files forgives what a killed process leaves behind."""

from queue import Empty

import pytest
from kombu import Connection

import core.broker  # noqa: F401


@pytest.fixture
def channel(tmp_path):
    folders = {"data_folder_in": str(tmp_path / "queue"), "data_folder_out": str(tmp_path / "queue"),
               "control_folder": str(tmp_path / "control")}  # fmt: skip
    for folder in ("queue", "control"):
        (tmp_path / folder).mkdir()
    with Connection("files://", transport_options=folders) as connection:
        yield connection.channel()


def test_messages_come_in_order_and_once(channel):
    for n in range(3):
        channel._put("celery", {"n": n})
    assert [channel._get("celery")["n"] for _i in range(3)] == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_of_another_queue_stays(channel):
    channel._put("other", {"n": 1})
    with pytest.raises(Empty):
        channel._get("celery")
    assert channel._get("other") == {"n": 1}


def test_a_broken_message_is_passed_over(channel, tmp_path):
    for name, content in (("000_a", ""), ("000_b", '{"n":')):
        (tmp_path / "queue" / f"{name}.celery.msg").write_text(content)
    channel._put("celery", {"n": 1})
    assert channel._get("celery") == {"n": 1}


def test_a_broken_table_of_queues_is_made_anew(channel, tmp_path):
    (tmp_path / "control" / "celery.exchange").write_text("")
    assert channel.get_table("celery") == []
    channel._queue_bind("celery", "celery", "", "celery")
    channel._queue_bind("celery", "celery", "", "celery")
    assert [row.queue for row in channel.get_table("celery")] == ["celery"]


def test_nothing_is_left_lying_about(channel, tmp_path):
    channel._put("celery", {"n": 1})
    channel._get("celery")
    assert list((tmp_path / "queue").iterdir()) == []
