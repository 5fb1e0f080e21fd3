"""The rule values that the program file may change, with the defaults that hold until it does."""

# key: (value, unit, rationale)
DEFAULTS: dict[str, tuple[object, str, str]] = {
    "application.decide_business_days": (5, "business days", "An applicant hears within a working week."),
    "application.confirm_hours": (72, "hours", "Life of the link that confirms an address."),
    "certification.expiring_days": (60, "days", "Two months are enough to book and pass a renewal."),
    "certification.reminder_days": (
        [90, 60, 30, 7],
        "days before",
        "A quarter ahead, then nearer each time.",
    ),
    "deal.book_days": (5, "days", "A win counts in its own month only when it is booked soon."),
    "deal.decide_business_days": (2, "business days", "A seller can plan on an answer in two working days."),
    "deal.protection_days": (90, "days", "About one sales cycle of a mid-size customer."),
    "implementation.confirm_days": (14, "days", "The customer's person is nobody's employee: two weeks."),
    "deal.fx_most_days_old": (45, "days", "Monthly rates, with a margin for a late month."),
    "gate.expiring_days": (60, "days", "Two months are enough to renew evidence."),
    "gate.reminder_days": ([90, 60, 30, 14, 7, 1], "days before", "A quarter ahead, then nearer each time."),
    "invitation.life_days": (7, "days", "Long enough for a holiday, short enough to stay safe."),
    "onboarding.stall_days": (14, "days", "Two weeks without a step ask for a call."),
    "partner.dormant_days": (90, "days", "A quarter without activity."),
    "psm.most_partners": (
        10,
        "partners",
        "The engagement plan gives one partner success manager ten partners.",
    ),
    "tier.grace_reminder_days": ([60, 30, 14, 7, 1], "days before", "Time to act while it still helps."),
    "review.reminder_days": ([30, 14, 7, 1], "days before", "A month, two weeks, a week and a day ahead."),
    "review.length_minutes": (60, "minutes", "One hour, both sides."),
    "review.plan_days_ahead": (45, "days", "On the calendar in time for the reminder a month ahead."),
    "review.from_day": (
        60,
        "day of the quarter",
        "Late enough for the quarter's facts, early enough to act on them.",
    ),
    "review.notice_days": (14, "days", "Nobody is asked to a review at less than two weeks' notice."),
    "review.hour": (10, "o'clock", "In the partner's own time zone."),
    "review.sign_days": (5, "days", "While both sides still remember what was said."),
    "review.missed_days": (15, "days", "A review may slip two weeks into the next quarter."),
}
