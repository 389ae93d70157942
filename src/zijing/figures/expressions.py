"""What databases must compute alike: exact sums of numbers kept in JSON, days and steps in China Standard Time.

Written out for SQLite and PostgreSQL, because a function called back into Python would cost microseconds a row.
"""

from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, Expression, F, Func, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, StrIndex, Substr

from zijing.records.fields import Field

TENTHOUSANDTHS = 10_000
MOMENTS = ("closed_at", "recorded_at", "due_at")


class Written(Func):
    """An expression written out for both databases; ``%s`` stands for the inner expression."""

    arity = 1
    sqlite = ""
    postgresql = ""

    def _write(self, text: str, compiler: Any) -> tuple[str, list[Any]]:
        inner, params = compiler.compile(self.get_source_expressions()[0])
        return text.replace("{}", inner), [*params] * text.count("{}")

    def as_sqlite(self, compiler: Any, *_rest: Any, **_context: Any) -> Any:
        return self._write(self.sqlite, compiler)

    def as_postgresql(self, compiler: Any, *_rest: Any, **_context: Any) -> Any:
        return self._write(self.postgresql, compiler)


class DayOf(Written):
    """The day of a moment in China Standard Time (UTC+8, no summer time since 1991)."""

    output_field = DateField()
    sqlite = "date({}, '+8 hours')"
    postgresql = "(({}) AT TIME ZONE 'Asia/Shanghai')::date"


class Tenthousandths(Written):
    """A decimal column as whole ten-thousandths."""

    output_field = BigIntegerField()
    sqlite = "CAST(ROUND({} * 10000) AS BIGINT)"
    postgresql = "CAST(ROUND({} * 10000) AS BIGINT)"


class Digits(Written):
    """A decimal kept as text as whole ten-thousandths: its digits without the point, filled up to four places."""

    output_field = BigIntegerField()
    sqlite = "CAST(REPLACE({}, '.', '') || SUBSTR('0000', 1, 4 - LENGTH({}) + INSTR({} || '.', '.')) AS BIGINT)"
    postgresql = "CAST(REPLACE({}, '.', '') || LEFT('0000', 4 - LENGTH({}) + STRPOS({} || '.', '.')) AS BIGINT)"


class Seconds(Written):
    """A moment as whole seconds."""

    output_field = BigIntegerField()
    sqlite = "CAST(strftime('%%s', {}) AS BIGINT)"
    postgresql = "CAST(FLOOR(EXTRACT(EPOCH FROM {})) AS BIGINT)"


class ByWeek(Written):
    """The Monday of a day's week."""

    output_field = CharField()
    sqlite = "date({}, 'weekday 0', '-6 days')"
    postgresql = "to_char(date_trunc('week', {}), 'YYYY-MM-DD')"


class ByDay(Written):
    """A day as text."""

    output_field = CharField()
    sqlite = "date({})"
    postgresql = "to_char({}, 'YYYY-MM-DD')"


class ByMonth(Written):
    """The month of a day."""

    output_field = CharField()
    sqlite = "strftime('%%Y-%%m', {})"
    postgresql = "to_char({}, 'YYYY-MM')"


class ByQuarter(Written):
    """The quarter of a day."""

    output_field = CharField()
    sqlite = "strftime('%%Y', {}) || '-Q' || ((strftime('%%m', {}) + 2) / 3)"
    postgresql = "to_char({}, 'YYYY-\"Q\"Q')"


class ByYear(Written):
    """The year of a day."""

    output_field = CharField()
    sqlite = "strftime('%%Y', {})"
    postgresql = "to_char({}, 'YYYY')"


BUCKETS: dict[str, type[Written]] = {
    "day": ByDay, "week": ByWeek, "month": ByMonth, "quarter": ByQuarter, "year": ByYear,
}  # fmt: skip


def day_column(time: str) -> Expression | F:
    """The day of a record's time column."""
    return DayOf(F(time)) if time in MOMENTS else F(time)


def bucket(day: Expression | F | str, step: str) -> Expression:
    """The step a day belongs to, as ``periods.bucket_of`` names it."""
    return BUCKETS[step](F(day) if isinstance(day, str) else day)


def child_path(parent: str) -> Expression:
    """The path of the child of ``parent`` that a record lies in, or ``parent`` itself."""
    beyond = Substr(F("path"), len(parent) + 1)
    return Substr(F("path"), 1, StrIndex(beyond, Value("/")) + len(parent))


def json_number(field: Field) -> tuple[Expression, int]:
    """A number field of the JSON column as whole numbers, and how many of them make one.

    Money is kept in fen and counts as it is. Decimals are kept as text with at most four places; their digits are exact
    in every database, which a detour over floating point is not.
    """
    text = KeyTextTransform(field.key, "fields")
    if field.type in {"integer", "money"}:
        return Cast(text, BigIntegerField()), 1
    return Digits(text), TENTHOUSANDTHS
