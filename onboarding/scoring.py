"""An application's scorecard, from its rows."""

from onboarding import rules
from onboarding.models import Application, Criterion


def scorecard_of(application: Application) -> rules.Scorecard:
    """Criteria in use or already marked, with everyone's marks."""
    scores = list(application.scores.select_related("criterion", "scorer"))
    marked = {score.criterion for score in scores}
    criteria = sorted({*Criterion.objects.active(), *marked}, key=lambda c: (c.position, c.code))
    marks = [rules.Mark(s.criterion.code, s.scorer_id, s.scorer.name, s.points) for s in scores]
    return rules.scorecard([criterion.as_weight for criterion in criteria], marks)
