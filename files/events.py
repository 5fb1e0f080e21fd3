"""What can happen to files."""

from events.types import INTERNAL, VISIBLE, declare

declare(
    "export.started", "Someone asked for a long list as a file.", keys={"list": INTERNAL, "kind": INTERNAL}
)
FACTS = {"attachment": VISIBLE, "kind": VISIBLE, "content_type": VISIBLE, "size": VISIBLE}
declare("file.attached", "A file was added to a record.", keys=FACTS, partner_visible=True)
declare("file.kept", "A file for the vendor's people alone was added to a record.", keys=FACTS)
