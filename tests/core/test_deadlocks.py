"""Two who wait for each other: one goes on, the other is told to look again. Only PostgreSQL has them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from core.actors import SYSTEM
from core.errors import Conflict
from core.idempotency import Answer, once
from core.saving import lock
from tests.factories import make_organization, make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_of_two_who_wait_for_each_other_one_goes_on_and_one_is_told(transactional_db):
    make_program()
    pair = [make_organization("Larkhill"), make_organization("St. Brannoc’s")]
    both, outcomes = threading.Barrier(2), []

    def act(first, second):
        def work() -> Answer:
            lock(first)
            both.wait()
            lock(second)
            return Answer(200)

        try:
            outcomes.append(once(actor=SYSTEM, place="here", key="", request=None, work=work).status)
        except Conflict as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=way) for way in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [200, "lost_race"]
