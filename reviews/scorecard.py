"""The figures on the table: the partner's own, against what its tier asks, as evaluated on a day."""

from datetime import date
from typing import Any

from reviews.models import Review
from tiers import rules, wording
from tiers.facts import made_again
from tiers.models import Evaluation
from tiers.querysets import evaluation_of


def scorecard(review: Review, today: date) -> dict[str, Any] | None:
    """Rows of name, actual, threshold and state; as of the meeting once it was held. None where nothing is known."""
    evaluation = review.evaluation or evaluation_of(review.partner, today)
    if evaluation is None:
        return None
    rows = [_row(finding) for finding in _findings(evaluation)]
    return {"rows": rows, "as_of": evaluation.as_of, "is_frozen": review.evaluation_id is not None}


def _findings(evaluation: Evaluation) -> list[rules.Finding]:
    """Those of the tier that it holds; without a tier, of the first one."""
    verdict = made_again(evaluation)
    held = [judged for judged in verdict.rungs if judged.rung.code == evaluation.held_code]
    return list((held or list(verdict.rungs)[:1])[0].findings) if verdict.rungs else []


def _row(finding: rules.Finding) -> dict[str, Any]:
    metric = finding.need.key
    return {
        "metric": metric,
        "name": wording.name_of(metric),
        "actual": wording.value(metric, finding.fact.value),
        "threshold": wording.threshold(finding),
        "state": "met" if finding.is_good else "no_data" if finding.fact.value is None else "not_met",
        "gap": wording.gap(finding),
    }
