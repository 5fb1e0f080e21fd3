"""`evaluate_tier`: facts in, verdicts out, nothing stored."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.tiers.factories import content, make_draft, make_program, need
from tiers import rules
from tiers.models import Evaluation

pytestmark = pytest.mark.django_db
GOLD = {"certified_people": 2, "certified_people_sales": 1}


@pytest.fixture
def ask(tmp_path, capsys):
    """The command's lines for some lines of facts, as JSON unless asked for words."""

    def asked(*lines, json_lines=True, **options):
        path = tmp_path / "facts.jsonl"
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
        call_command("evaluate_tier", facts=str(path), json=json_lines, **options)
        found = capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in found] if json_lines else found

    return asked


def test_facts_by_key_give_a_verdict_per_line_and_nothing_is_stored(version, ask):
    gold, silver, nothing = ask(GOLD, "", {"certified_people": 1}, {"certified_people": None})
    assert [found["eligible"] for found in (gold, silver, nothing)] == ["gold", "silver", None]
    assert [found["line"] for found in (gold, silver, nothing)] == [1, 3, 4]
    assert (gold["program"], gold["version"], gold["engine"], gold["next"]) == (
        "levels",
        1,
        rules.ENGINE,
        None,
    )
    assert [step["metric"] for step in silver["next"]["path"]] == [
        "certified_people",
        "certified_people_sales",
    ]
    asked = {r["metric"]: r["verdict"] for tier in nothing["tiers"] for r in tier["requirements"]}
    assert set(asked.values()) == {"no_data"}
    assert not Evaluation.objects.exists()


def test_waivers_a_held_tier_and_later_days_are_part_of_the_question(version, ask):
    (found,) = ask(
        {
            "id": "northgate",
            "facts": {"certified_people": 2},
            "waived": [["gold", "certified_people_sales"]],
            "later": {"2027-01-18": {"certified_people": 1}, "2026-12-31": {}},
        }
    )
    assert (found["id"], found["eligible"]) == ("northgate", "gold")
    assert (found["at_risk_on"], found["at_risk_because"]) == ("2027-01-18", "certified_people")


def test_a_program_and_a_version_are_chosen_also_one_that_is_not_in_force(version, ask):
    make_draft(content(gold={"certified_people": 3}))
    assert [ask(GOLD, version=n)[0]["eligible"] for n in (1, 2)] == ["gold", "silver"]
    assert ask(GOLD, program="levels")[0]["version"] == 1
    other = content()
    other["tiers"] = {"authorized": other["tiers"]["authorized"]}
    make_draft(other, make_program("value", "Value", 2))
    assert ask({"learning_plan_signed": True}, program="value", version=1)[0]["eligible"] == "authorized"
    for wrong in ({"program": "unknown"}, {"version": 9}, {"program": "value"}):
        with pytest.raises(CommandError):
            ask(GOLD, **wrong)


def test_money_is_minor_units_or_an_amount_in_words(version, ask):
    made = content()
    made["tiers"]["gold"]["requirements"] = {
        "annual_revenue": {"metric": "annual_revenue", **need(2_000_000_00, window="trailing_12_months")}
    }
    make_draft(made)
    lines = [200_000_000, 199_999_999, "2000000.00", "1,999,999.99"]
    found = ask(*({"annual_revenue": value} for value in lines), version=2)
    assert [line["eligible"] for line in found] == ["gold", None, "gold", None]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[1]", "Facts by their key"),
        ({"no_such_metric": 1}, "no metric “no_such_metric”"),
        ({"certified_people": 1.5}, "whole number"),
        ({"certified_people": "two"}, "whole number"),
        ({"annual_revenue": "much"}, "no amount"),
        ({"facts": {}, "later": {"soon": {}}}, "no day"),
        ({"facts": {}, "waived": [["gold"]]}, "list of pairs"),
        ({"facts": 3}, "Facts by their key"),
    ],
)
def test_a_line_that_is_no_facts_is_said_and_the_others_are_answered(version, ask, capsys, line, words):
    with pytest.raises(CommandError, match="1 line is not facts"):
        ask(line, GOLD)
    refused, answered = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    assert words in refused["error"]
    assert (refused["line"], answered["eligible"]) == (1, "gold")


def test_without_json_a_sentence_says_it(version, ask):
    assert ask({"certified_people": 1}, GOLD, json_lines=False) == [
        "1: Silver; missing for Gold: certified people (1 more person) and people certified in sales (1 more person)",
        "2: Gold, the highest tier",
    ]
