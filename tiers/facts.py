"""Facts for the rule: asked of the metric registry, for all partners or for some, one set-based query per metric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg2 import STRING
from psycopg2.extensions import new_type, register_type

from core import bulk
from core.remembering import once_a_page
from metrics import registry, scopes
from partners.models import Partner
from tiers.models import Evaluation, Position, Program, ProgramVersion, Requirement, Tier, Waiver
from tiers.rules import (
    ACTIVE,
    BY_DECISION,
    NO_FACT,
    PARTNER,
    SCOPES,
    TREE,
    WINDOWS,
    Fact,
    Rung,
    Verdict,
    evaluate,
    restored,
)

Facts = dict[str, Fact]
UUID_OID = 2950  # of PostgreSQL's type
JOINED = 16  # passes in one statement: SQLite joins 64 tables at most
IDS_AS_TEXT = new_type((UUID_OID,), "IDS_AS_TEXT", STRING)
# How PostgreSQL plans: a parallel plan would compute each grouped query once per worker; and some partners' facts are
# found by index, where for a thousand of them, whose rows it takes for many more, it would read whole tables.
PLANNED = {"max_parallel_workers_per_gather": "0"}
PLANNED_OF_SOME = {"enable_seqscan": "off", "jit": "off"}


@dataclass(frozen=True)
class Ask:
    """One fact that a version asks for: a metric over a window, of a partner, its tree or its market."""

    key: str
    metric: str
    window: str
    scope: str


def fact_key(metric: str, window: str, scope: str) -> str:
    """The name of a fact: the metric's key, with window and scope where they are not the metric's usual ones."""
    known = registry.find(metric)
    usual = known.windows[0] if known and known.windows else window
    parts = [metric, *([window] if window != usual else []), *([scope] if scope != PARTNER else [])]
    return ".".join(parts)


def metric_of(key: str) -> str:
    """The metric's key within the name of a fact."""
    return key.partition(".")[0]


def ask_of(key: str) -> Ask:
    """A fact by its name. Raises KeyError where no app offers its metric."""
    name, *rest = key.split(".")
    metric = registry.get(name)
    window = next((part for part in rest if part in WINDOWS), metric.windows[0] if metric.windows else "")
    return Ask(key, name, window, next((part for part in rest if part in SCOPES), PARTNER))


def tiers_of(version: ProgramVersion) -> list[Tier]:
    """The version's tiers, lowest first, with all that the rule asks of them."""
    tiers = version.tiers.select_related("program_version__program").order_by("rank")
    return list(tiers.prefetch_related("requirements__group", "groups"))


def rungs_of(version: ProgramVersion) -> list[Rung]:
    """The version as the rule reads it, lowest tier first."""
    return [rung_of(tier) for tier in tiers_of(version)]


def rung_of(tier: Tier) -> Rung:
    """One tier as the rule reads it."""
    needs = tuple(need.need for need in tier.requirements.all())
    groups = tuple(group.as_rule for group in tier.groups.all())
    return Rung(tier.code, tier.rank, needs, groups, by_decision=tier.upgrade == BY_DECISION)


def made_again(evaluation: Evaluation) -> Verdict:
    """What the rule of today says of an evaluation's facts and waivers under its version."""
    rungs = rungs_of(evaluation.program_version)
    return evaluate(rungs, evaluation.known_facts, evaluation.known_waivers)


def as_stored(evaluation: Evaluation) -> Verdict:
    """The verdict that an evaluation holds, whatever the rule says today."""
    version = evaluation.program_version
    rungs = once_a_page((ProgramVersion, "rungs", version.pk), lambda: rungs_of(version))
    return restored(rungs, evaluation.known_facts, evaluation.verdict)


def asks_of(version: ProgramVersion) -> list[Ask]:
    """The facts that the version asks for, sorted by key."""
    return asked_by(Requirement.objects.filter(tier__program_version=version))


def asked_by(needs: Iterable[Requirement]) -> list[Ask]:
    """The facts that requirements ask for, sorted by key."""
    found = {Ask(need.key, need.metric, need.window, need.scope) for need in needs}
    return sorted(found, key=lambda ask: ask.key)


def facts_of(
    asks: Sequence[Ask], as_of: date, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, Facts]:
    """What a version asks for (`asks_of`), per partner that has any fact. A partner that is missing has `no_facts`."""
    return FactsQuery(asks, as_of).of(None if partner_ids is None else bulk.Ids(list(partner_ids)))


class Pass(NamedTuple):
    """One reading of facts of one kind: its rows (of, figures …), and for the key of each fact that it gives the names
    of the value and of the number of rows among them."""

    rows: QuerySet
    facts: dict[str, tuple[str, str]]


class Joined(NamedTuple):
    """Passes as joins to a partner's id: their SQL and its parameters, and each fact's key with the columns of its
    value and of its number of rows (both are NULL where a pass has no row of the partner)."""

    sql: str
    parameters: list[Any]
    columns: list[tuple[str, str, str]]

    @classmethod
    def of(cls, passes: Sequence[Pass], partner: str, among: Any = None) -> Joined:
        """`partner` is the column to join to; `among`, for `__in`, are the partners to read (None: all)."""
        joins, parameters, columns = [], [], []
        for n, one in enumerate(passes):
            read = one.rows if among is None else one.rows.filter(of__in=among)
            sql, given = read.query.sql_with_params()
            joins.append(f"LEFT JOIN ({sql}) found{n} ON found{n}.of = {partner}")
            parameters += given
            columns += [
                (key, f"found{n}.{value}", f"found{n}.{rows}") for key, (value, rows) in one.facts.items()
            ]
        return cls(" ".join(joins), parameters, columns)


@dataclass(frozen=True)
class FactsQuery:
    """The facts that a version asks for on a day, as SQL: made once, asked for any partners.

    Metrics that are counted over the same facts are read in one pass over them, and the passes in one statement.
    """

    asks: Sequence[Ask]
    as_of: date

    def of(self, partners: bulk.Ids | None = None) -> dict[UUID, Facts]:
        """The facts of all partners or of some, per partner that has any."""
        if partners is None:
            found = self._read(f"SELECT id FROM {Partner._meta.db_table}", [], self._of_all)
            return {UUID(stored): facts for stored, facts in found.items()}
        found = self._read(partners.rows.sql, partners.rows.params, self._of_some)
        return {partners.by_text[stored]: facts for stored, facts in found.items()}

    @cached_property
    def passes(self) -> list[Pass]:
        single: list[Pass] = []
        shared: dict[Any, list[tuple[str, registry.Grouped]]] = {}
        for ask in self.asks:
            metric = registry.get(ask.metric)
            if ask.scope == TREE:
                rows = scopes.select(metric, self.as_of, ask.window, ask.scope)
                single.append(Pass(rows, {ask.key: ("value", "n_rows")}))
            else:
                found = scopes.grouped(metric, self.as_of, ask.window, ask.scope)
                shared.setdefault(found.pass_over, []).append((ask.key, found))
        return [_together(dict(some)) for some in shared.values()] + single

    @property
    def _of_all(self) -> list[Joined]:
        return [Joined.of(some, "asked.id") for some in self._statements]

    @cached_property
    def _of_some(self) -> list[Joined]:
        among = RawSQL("SELECT id FROM asked", ())
        return [Joined.of(some, "asked.id", among) for some in self._statements]

    @property
    def _statements(self) -> list[list[Pass]]:
        return [self.passes[start : start + JOINED] for start in range(0, len(self.passes), JOINED)]

    def _read(self, asked: str, ids: Sequence[Any], statements: Iterable[Joined]) -> dict[str, Facts]:
        """By the partner's id as the database says it."""
        nothing = no_facts(self.asks)
        found: dict[str, Facts] = {}
        with _asking(of_some=bool(ids)) as cursor:
            for one in statements:
                keys, values, rows = zip(*one.columns, strict=True)
                cursor.execute(
                    f"WITH asked(id) AS MATERIALIZED ({asked}) SELECT asked.id, {', '.join(values + rows)} "
                    f"FROM asked {one.sql} WHERE COALESCE({', '.join(rows)}, NULL) IS NOT NULL",
                    [*ids, *one.parameters],
                )
                end = len(keys) + 1
                for row in cursor.fetchall():
                    facts = dict(zip(keys, map(_fact, row[1:end], row[end:]), strict=True))
                    found[row[0]] = {**found.get(row[0], nothing), **facts}
        return found


def _fact(value: int | None, rows: int | None) -> Fact:
    return NO_FACT if rows is None else Fact(value, rows)


def _together(found: dict[str, registry.Grouped]) -> Pass:
    rows, names = registry.Grouped.together(list(found.values()))
    return Pass(rows, dict(zip(found, names, strict=True)))


def with_their_trees(partner_ids: Iterable[UUID]) -> set[UUID]:
    """Partners, and where a version in force counts facts of whole trees, those that stand in one with them."""
    ids = set(partner_ids)
    asked = Requirement.objects.filter(scope=TREE, tier__program_version__state=ACTIVE)
    if not ids or not asked.exists():
        return ids
    return {member for partner_id in ids for member in scopes.members(partner_id)} | ids


def at_window_edges(version: ProgramVersion, after: date, until: date) -> set[UUID] | None:
    """The partners whose facts may have changed by the passing of days since a day; None where a metric of the version
    cannot tell."""
    asked: dict[str, QuerySet] = {}  # metrics over the same facts have the same edges
    for ask in asks_of(version):
        metric = registry.get(ask.metric)
        if metric.edges is None:
            return None
        asked |= {_in_words(ids): ids for ids in metric.edges(after, until, ask.window)}
    found: set[UUID] = set()
    for ids in asked.values():
        found |= set(ids.values_list(*ids.query.values_select, flat=True))
    return found - {None}  # type: ignore[arg-type]


def _in_words(rows: QuerySet) -> str:
    """The same for queries that ask the same; "" for one that Django knows to find nothing."""
    try:
        return str(rows.query)
    except EmptyResultSet:
        return ""


# Comparing in the database ---------------------------------------------------------------------------------------


def differing(version: ProgramVersion, as_of: date) -> set[UUID]:
    """The partners of whom a fact of the day is not the one in their last evaluation in the version's program.

    One query: the facts of all partners are computed set-based and compared where they are; only those who differ
    leave the database. Partners without an evaluation are not among them.
    """
    found = Joined.of(FactsQuery(asks_of(version), as_of).passes, "position.partner_id")
    conditions = [
        f"{value} {_unlike()} {_stored(key, 'value')} "
        f"OR COALESCE({rows}, 0) {_unlike()} COALESCE({_stored(key, 'rows')}, 0)"
        for key, value, rows in found.columns
    ]
    if not conditions:
        return set()
    position, evaluation = Position._meta.db_table, Evaluation._meta.db_table
    statement = (
        f"SELECT position.partner_id FROM {position} position "
        f"JOIN {evaluation} evaluation ON evaluation.id = position.evaluation_id {found.sql} "
        f"WHERE position.program_id = %s AND ({' OR '.join(conditions)})"
    )
    program = Position._meta.get_field("program").get_db_prep_value(version.program_id, connection)
    with _asking() as cursor:
        cursor.execute(statement, [*found.parameters, program])
        return {UUID(stored) for (stored,) in cursor.fetchall()}


@contextmanager
def _asking(*, of_some: bool = False) -> Iterator[Any]:
    """A cursor for queries over facts, which gives ids as text: that is made a UUID once."""
    if not _is_postgresql():
        with connection.cursor() as cursor:
            yield cursor
        return
    planned = PLANNED | PLANNED_OF_SOME if of_some else PLANNED
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        _plan(cursor, planned)
        register_type(IDS_AS_TEXT, cursor.cursor)
        yield cursor
        _plan(cursor, dict.fromkeys(planned, "DEFAULT"))  # the transaction may go on


def _plan(cursor: Any, settings: dict[str, str]) -> None:
    cursor.execute("; ".join(f"SET LOCAL {name} TO {value}" for name, value in settings.items()))


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _unlike() -> str:
    """ "Is another value than", NULL being like NULL."""
    return "IS DISTINCT FROM" if _is_postgresql() else "IS NOT"


def _stored(key: str, part: str) -> str:
    """A fact within the JSON of an evaluation. Keys are slugs with dots: they need no quoting."""
    if _is_postgresql():
        return f"(evaluation.facts #>> '{{{key},{part}}}')::bigint"
    return f"""json_extract(evaluation.facts, '$."{key}"."{part}"')"""


def no_facts(asks: Iterable[Ask]) -> Facts:
    """The facts of a partner about which nothing is known."""
    return {ask.key: NO_FACT for ask in asks}


def waivers_of(
    program: Program, on: date, partners: bulk.Ids | None = None
) -> dict[UUID, frozenset[tuple[str, str]]]:
    """The requirements that decisions let partners off on a day, per partner (of all or of some) that has any."""
    rows = Waiver.objects.in_force(on).filter(program=program)
    if partners is not None:
        rows = rows.filter(partner__in=partners.rows)
    found: dict[UUID, set[tuple[str, str]]] = {}
    for partner_id, tier, key in rows.values_list("partner", "tier_code", "key"):
        found.setdefault(partner_id, set()).add((tier, key))
    return {partner_id: frozenset(waived) for partner_id, waived in found.items()}
