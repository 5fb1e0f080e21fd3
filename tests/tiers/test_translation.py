"""What pages say of versions comes from gettext: in another language no English word is left in it."""

import re
from copy import deepcopy

import pytest

from core.actors import SYSTEM
from core.program_file import ProgramFileError
from tests.tiers.factories import content, need, percent, tier
from tiers import announcing, codes, diff, rules
from tiers.portable import from_plain, plain
from tiers.schema import COLOURS, KINDS, SETTINGS
from tiers.version_forms import RequirementForm, SettingsForm

pytestmark = pytest.mark.django_db
DATA = {"qbr", "portal", "resources", "luck", "extra"}  # codes that a program chose for itself


def foreign(text: str) -> str:
    """Every letter but those of placeholders becomes one that English does not have."""
    return re.sub(r"(%\(\w+\)s|%%|\{\w+\})|[A-Za-z]", lambda found: found.group(1) or "ż", str(text))


@pytest.fixture
def abroad(program, monkeypatch):
    monkeypatch.setattr("django.utils.translation._trans.gettext", foreign)


def english(text: str) -> set[str]:
    """The English words of three letters and more; ranges are said by core, “1 to 2%”."""
    return {word for word in re.findall(r"[A-Za-z]{3,}", text) if word.lower() not in DATA}


def before() -> dict:
    """The small program with names of one letter: what is English is the product's."""
    made = content()
    made["name"] = "P"
    for letter, one in zip("ABC", made["tiers"].values(), strict=True):
        one["name"] = letter
        one["requirements"].update(luck=need(1, metric="luck", stated="L"))
        one["groups"] = {"g": {"name": "G", "rule": "all", "n": 1}}
    for letter, benefit in zip("DEF", made["benefits"].values(), strict=True):
        benefit["name"] = letter
    return made


def after() -> dict:
    """Every part of it differs."""
    made = deepcopy(before())
    made["name"] = "Q"
    made["settings"].update(
        evaluation_window="fiscal_year", downgrade_grace_days=30, notice_days=90, upgrade_policy="decision",
        downgrade_policy="decision", margin_policy="interpolate", gates_required=True, benefits_inherited=False,
        gross_margin_percent=60, co_marketing_budget=percent(1, 2),
    )  # fmt: skip
    made["benefits"].pop("resources")
    made["benefits"]["extra"] = {**made["benefits"]["portal"], "name": "H"}
    made["benefits"]["qbr"].update(name="I", kind="access", frequency="yearly", feature="portal_area")
    gold = made["tiers"]["gold"]
    gold.update(
        name="J", rank=4, colour="silver", upgrade="decision", margin=percent(1, 2), co_marketing=None
    )
    gold["benefits"] = {"qbr": {"quantity": 2, "hours": 4}, "extra": {"quantity": None, "hours": None}}
    gold["groups"] = {"g": {"name": "K", "rule": "n_of", "n": 2}, "h": {"name": "M", "rule": "any", "n": 1}}
    gold["requirements"]["luck"].update(
        threshold=3, stated="N", comparator="at_most", window="lifetime", scope="tree", group="g",
        evidence="attestation", weight=2, is_waivable=False,
    )  # fmt: skip
    gold["requirements"].pop("certified_people")
    gold["requirements"]["implementations"] = need(5, metric="implementations", stated="O")
    made["tiers"]["silver"]["groups"] = {}
    made["tiers"]["silver"]["benefits"] = {}
    made["tiers"].pop("authorized")
    made["tiers"]["best"] = tier("S", 5, percent(1, 2), [])
    return made


def test_each_sentence_about_a_difference_is_translated(abroad):
    found = list(diff.changes(before(), after()))
    about = {change.about for change in found} - {"", diff.REQUIREMENT}
    parts = (
        *diff.OF_BENEFIT,
        *diff.OF_VALUES,
        *diff.OF_NEED,
        *SETTINGS.fields,
        "rank",
        "colour",
        "upgrade",
        "margin",
    )
    assert about >= set(parts) | {diff.THRESHOLD, "rule", "n"}
    assert {change.kind for change in found} == {"changed", "added", "removed"}
    for change in found:
        for said in (str(change), change.label, change.part, change.was, change.becomes):
            assert not english(said), said
        if change.within:
            assert not english(announcing.asked(change)), change


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": "nothing"}, {"window": "lifetime"}, {"scope": "market"}, {"group": "none"}, {"threshold": "$2M"},
        {"threshold": "up to 2"}, {"threshold": "2.5"},
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_draft_is_said_in_the_language_of_the_page(abroad, wrong):
    made = plain(before())
    made["tiers"]["gold"]["requirements"][0].update(wrong)
    with pytest.raises(ProgramFileError) as refusal:
        from_plain(made)
    for problem in refusal.value.problems:
        assert "ż" in problem.message


def test_every_code_of_a_program_has_its_words():
    known = (
        *SETTINGS.fields, *KINDS, *COLOURS, *rules.COMPARATORS, *rules.WINDOWS, *rules.SCOPES, *rules.EVIDENCE,
        *rules.GROUP_RULES, *rules.MARGIN_POLICIES, *rules.POLICIES, *rules.PERIODS, *rules.FEATURES, *rules.ACTIONS,
    )  # fmt: skip
    assert set(known) <= set(codes.WORDS)


def test_forms_of_a_version_read_their_choices_in_the_language_of_the_page(abroad):
    for form in (SettingsForm(actor=SYSTEM), RequirementForm(actor=SYSTEM, known={}, tier="gold")):
        for name, field in form.fields.items():
            words = [str(field.help_text)]
            words += [str(label) for _code, label in getattr(field, "choices", ()) if name != "metric"]
            assert not [said for said in words if english(re.sub(r"\$\w+", "", said))], (name, words)
