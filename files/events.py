"""What can happen to files."""

from events.types import VISIBLE, declare

FACTS = {"attachment": VISIBLE, "kind": VISIBLE, "content_type": VISIBLE, "size": VISIBLE}
declare("file.attached", "A file was added to a record.", keys=FACTS, partner_visible=True)
declare("file.kept", "A file for the vendor's people alone was added to a record.", keys=FACTS)
