"""What can happen to files."""

from events.types import VISIBLE, declare

declare(
    "file.attached",
    "A file was added to a record.",
    keys={"attachment": VISIBLE, "kind": VISIBLE, "content_type": VISIBLE, "size": VISIBLE},
    partner_visible=True,
)
