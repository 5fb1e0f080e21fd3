"""Workers killed while they send, a flushed broker, two beats: every reminder becomes one letter, and none is lost."""

import pytest

from tests.faults.product import Product

SWEEP, MAIL = "inbox.tasks.send_due_reminders", "core.tasks.send_mail"
PEOPLE = 40
pytestmark = [pytest.mark.faults, pytest.mark.sqlite]


def test_every_reminder_becomes_one_letter_whatever_is_killed(product: Product) -> None:
    product.make("tests.faults.scene")
    stops = [product.kill_while(product.reminded, target, SWEEP) for target in (1, 12, 24)]
    assert any(0 < done < PEOPLE for done in stops), "no kill came while there was work"
    lost = product.flush_broker()
    assert lost, "there was no message to lose"
    mails = [product.kill_while(product.kept, target, MAIL) for target in (1,)]
    assert any(0 < done < PEOPLE for done in mails), "no kill came while letters were written"
    product.flush_broker()
    product.let_leases_run_out()
    product.start()
    for task in (SWEEP, SWEEP, SWEEP, MAIL, MAIL):  # two beats, and one that came late
        product.send(task)
    product.until(lambda: product.kept() == PEOPLE)
    keys = [key for (key,) in product.ask("SELECT key FROM core_mail WHERE letter = 'reminder.review'")]
    sent = [f"reminder:{id}" for (id,) in product.ask(
        "SELECT lower(substr(hex,1,8)||'-'||substr(hex,9,4)||'-'||substr(hex,13,4)||'-'||substr(hex,17,4)||'-'||"
        "substr(hex,21)) FROM (SELECT id AS hex FROM inbox_reminder WHERE state = 'sent')")]  # fmt: skip
    assert sorted(keys) == sorted(sent) and len(keys) == PEOPLE
    assert product.count("inbox_reminder", "state IN ('planned', 'missed', 'skipped')") == 0
    assert product.count("events_event", "type = 'reminder.sent'") == PEOPLE
    assert product.count("inbox_notification", "kind = 'reminder.review'") == PEOPLE
