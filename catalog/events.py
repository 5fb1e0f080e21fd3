"""What can happen to reference data."""

from events.types import INTERNAL, declare

declare("program.loaded", "A program file was loaded and changed something.", keys={"changes": INTERNAL})
declare(
    "region.assigned",
    "It was said which markets a person looks after.",
    keys={"user": INTERNAL, "markets": INTERNAL},
)
declare(
    "rates.loaded",
    "Exchange rates were added.",
    keys={"count": INTERNAL, "first": INTERNAL, "last": INTERNAL},
)
