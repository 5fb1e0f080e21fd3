"""How well customers are told apart, said by a command for any file of labelled pairs."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from benchmarks.variants import write

DEV = Path(settings.BASE_DIR) / "benchmarks/data/customer_matches_dev.csv"
HEADER = "pair_id,a_name,a_city,a_country,a_domain,b_name,b_city,b_country,b_domain,label,kind,changes\n"
SAME = "1,Mercy Hospital,Whitby,GB,,Mercy Hosp,Whitby,GB,,1,same,abbr\n"


def said(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("evaluate_matching", str(path), *options, stdout=out)
    return out.getvalue()


def test_the_development_set_is_told_apart_as_promised():
    found = json.loads(said(DEV, "--json"))
    assert (found["precision"], found["recall"], found["f1"]) >= (0.995, 0.96, 0.98)
    assert found["recall"] >= 0.96
    assert found["f1"] >= 0.98
    assert sum(found["misses_by_kind"].values()) == len(found["misses"])


def test_other_kinds_of_change_stay_within_two_hundredths(tmp_path):
    write(tmp_path / "variants.csv", seed=23)
    found = json.loads(said(tmp_path / "variants.csv", "--json"))
    assert found["precision"] >= 0.975
    assert found["recall"] >= 0.94
    assert found["by_kind"]["shared_domain_elsewhere"]["false_positives"] == 0


def test_misses_are_told_by_kind_and_in_words(tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text(HEADER + SAME + "2,Mercy Hospital,Whitby,GB,,Quarry Clinic,Selby,GB,,1,renamed,x+y\n")
    found = json.loads(said(file, "--json"))
    assert found["misses_by_kind"] == {"renamed": 1}
    assert found["misses_by_change"] == {"x": 1, "y": 1}
    assert found["recall"] == 0.5
    assert "Quarry Clinic" in said(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a_name"),
        (HEADER, "holds no pairs"),
        ("a_name,b_name\nx,y\n", "label is missing"),
        (HEADER + SAME.replace(",1,same", ",yes,same"), "Line 2: the label is “yes”"),
        (HEADER + SAME.replace("Mercy Hosp,", ","), "Line 2: a customer has no name"),
        (HEADER + "1,Mercy\n", "Line 2 has not as many values"),
        (HEADER + '1,"Mercy\n', "not a CSV file"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(tmp_path, text, says):
    file = tmp_path / "pairs.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError, match=says):
        said(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        said(tmp_path / "none.csv")
