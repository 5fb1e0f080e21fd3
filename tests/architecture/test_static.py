"""The house's rules, read off the source: no database, no server."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from core import jobs
from events import registry, types

ROOT = Path(settings.BASE_DIR)
APPS = ["core", "accounts", "events", "metrics", "catalog", "partners", "inbox", "files", "tiers", "compliance",
        "deals", "onboarding", "enablement", "outcomes", "leads", "reviews", "home"]  # fmt: skip
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
MOVES = re.compile(r"_move|_close|_mark|_set_state|claim|deliver|fail")


def sources(pattern="**/*.py"):
    for app in [*APPS, "prm"]:
        for path in sorted((ROOT / app).glob(pattern)):
            if "migrations" not in path.parts:
                yield path


def tree(path):
    return ast.parse(path.read_text(), str(path))


def named(path):
    return str(path.relative_to(ROOT))


def doors():
    for path in sources():
        if "views" in path.parts or path.name in ("api.py", "tasks.py", "receivers.py", "views.py"):
            yield path


def calls(node, name):
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and getattr(inner.func, "attr", getattr(inner.func, "id", "")) == name:
            yield inner


def test_there_are_doors_to_look_at():
    assert len(list(doors())) > 20


def test_records_are_chosen_through_the_fields_of_the_house():
    """Django's own break on text that no database can hold."""
    users = [path for path in sources("**/forms.py") if "ModelChoiceField(" in path.read_text()]
    users += [path for path in sources("**/forms.py") if "ModelMultipleChoiceField(" in path.read_text()]
    assert [named(path) for path in users] == []
    assert sum("RecordField(" in path.read_text() for path in sources("**/forms.py")) > 5


def test_a_page_or_endpoint_does_not_write():
    """Pages and endpoints call actions; receivers and tasks may keep rows of their own app."""
    wrong = []
    for path in doors():
        if path.name in ("tasks.py", "receivers.py"):
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES
            ):
                target = ast.unparse(node.func.value)
                if "objects" in target or target in (
                    "record",
                    "self.record",
                    "deal",
                    "partner",
                    "application",
                ):
                    wrong.append(f"{named(path)}:{node.lineno} {target}.{node.func.attr}")
    assert wrong == []


def test_a_state_is_changed_by_a_move_alone():
    wrong = []
    for path in sources():
        for function in [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef)]:
            for node in ast.walk(function):
                targets = node.targets if isinstance(node, ast.Assign) else []
                for target in targets:
                    if (
                        isinstance(target, ast.Attribute)
                        and target.attr == "state"
                        and not MOVES.search(function.name)
                    ):
                        wrong.append(f"{named(path)}:{node.lineno} in {function.name}")
    assert wrong == []


def test_every_recorded_event_is_declared_and_every_declared_one_recorded():
    used = set()
    for path in sources():
        used |= (
            set(re.findall(r'"([a-z_]+\.[a-z_]+)"', path.read_text()))
            if path.name not in ("events.py", "sentences.py")
            else set()
        )
    declared = {kind.name for kind in types.catalogue()}
    assert declared, "no event types were declared"
    assert declared - used == set()
    recorded = {
        call.args[0].value
        for path in sources()
        for call in calls(tree(path), "record")
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }
    assert recorded - declared == set()
    assert set(registry.heard()) - declared == set()


def test_every_daily_job_is_known_and_scheduled():
    from prm.celery import DAILY, app

    app.loader.import_default_modules()
    assert {name for name, _time in DAILY} == set(jobs.known())


def test_every_task_is_in_the_beat_table_or_rung():
    from prm.celery import app

    app.loader.import_default_modules()
    own = {name for name in app.tasks if not name.startswith("celery.")}
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled <= own
    assert own - scheduled == set()


def test_rules_know_no_clock_no_query_and_no_web():
    banned = re.compile(r"\.objects\b|timezone\.now|clock\.now|\brequest\b|from django\.http")
    wrong = [named(path) for path in sources("rules.py") if banned.search(path.read_text())]
    assert wrong == []


def test_actions_do_not_read_the_clock():
    wrong = [named(p) for p in sources() if ("actions" in p.parts or p.name == "actions.py") and re.search(
        r"clock\.now\(|timezone\.now|[^.\w]now\(\)", p.read_text()) and p.parent.name != "accounts"]  # fmt: skip
    assert wrong == []


def templates():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "emails" not in path.parts and path.name != "email.html":
            yield path


BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
# A data block is no script: the browser does not run it.
DATA = r"<script[^>]*type=\"application/json\"[^>]*>.*?</script>|"
COMMENTS = re.compile(DATA + r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)
CLASSES = re.compile(
    r"{%\s*block \w*(?:class|_box)\w*\s*%}.*?{%\s*endblock\s*%}", re.S
)  # names of classes, not words
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
MARKUP = re.compile(r"<(?:code|kbd)\b.*?</(?:code|kbd)>|<[^>]*>|&\w+;", re.S)


def html_of(path):
    """A template without comments and template tags."""
    return TAGS.sub("", COMMENTS.sub("", path.read_text()))


def test_no_template_has_inline_style_or_script():
    wrong = []
    for path in templates():
        text = html_of(path)
        for pattern in (
            r"\sstyle=",
            r"\son[a-z]+=\"",
            r"<style",
            r"<script(?![^>]*\bsrc=)",
            r"hx-on",
            r"javascript:",
        ):
            wrong += [f"{named(path)}: {m.group(0)}" for m in re.finditer(pattern, text)]
    assert len(list(templates())) > 40
    assert wrong == []


@pytest.mark.parametrize("folder", sorted({p.parent.name for p in templates()}))
def test_words_go_through_gettext(folder):
    wrong = []
    for path in [p for p in templates() if p.parent.name == folder]:
        text = CLASSES.sub("", BLOCKS.sub(" ", COMMENTS.sub(" ", path.read_text())))
        text = MARKUP.sub(" ", TAGS.sub("", text))
        wrong += [f"{named(path)}: {word}" for word in re.findall(r"[A-Za-z][A-Za-z' ]{2,}", text)]
    assert wrong == []


def test_every_app_has_its_addresses_and_is_installed():
    assert {config.label for config in apps.get_app_configs()} >= set(APPS)
    assert all((ROOT / app / "urls.py").exists() for app in APPS)
