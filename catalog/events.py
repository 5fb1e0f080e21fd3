"""What can happen to reference data."""

from events.types import INTERNAL, declare

declare("program.loaded", "A program file was loaded and changed something.", keys={"changes": INTERNAL})
declare(
    "rates.loaded",
    "Exchange rates were added.",
    keys={"count": INTERNAL, "first": INTERNAL, "last": INTERNAL},
)
