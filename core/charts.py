"""Small charts drawn on the server as SVG: no script, no style attribute, and the colours follow the theme.

Every function takes plain numbers and returns safe markup. Sizes are SVG units; the class makes it fluid.
A chart never stands alone: the component `chart_card.html` puts the finding above it and the table behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TONES = {
    "good",
    "caution",
    "bad",
    "info",
    "neutral",
    "accent",
    "step-1",
    "step-2",
    "step-3",
    "step-4",
    "step-5",
}
WIDTH, NARROW = 640, 280  # what is as wide as a card, and as a card on a phone
LEFT, RIGHT, TOP, BOTTOM = 52, 22, 18, 26


@dataclass(frozen=True)
class Series:
    """One line: its label, one value per label of the axis (None = no data) and its kind.

    `kind` is "fact" (ink), "committed" (accent, dashed) or "otherwise" (grey, dashed).
    """

    label: str
    values: Sequence[float | None]
    kind: str = "fact"
    steps: bool = False


@dataclass(frozen=True)
class Threshold:
    """A dotted horizontal line with its own words."""

    value: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A vertical hairline at the position of an axis label, with words."""

    at: int
    label: str


@dataclass(frozen=True)
class Part:
    """A part of a whole, or one bar: `note` is its value in words."""

    label: str
    value: float
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Frame:
    """Where values and positions fall in the picture."""

    top_value: float
    count: int
    height: int
    ticks: Sequence[float] = field(default_factory=tuple)
    width: int = WIDTH

    @property
    def right(self) -> int:
        """Where the axis ends."""
        return self.width - RIGHT

    def x(self, index: float) -> float:
        span = self.right - LEFT
        return round(LEFT + span * index / max(self.count - 1, 1), 1)

    def y(self, value: float) -> float:
        span = self.height - TOP - BOTTOM
        return round(TOP + span * (1 - value / self.top_value), 1)


def nice_top(largest: float) -> float:
    """The round number at or above the largest value, so that the axis ends where people count."""
    if largest <= 0:
        return 1
    unit = 10.0 ** (len(str(int(largest))) - 1) if largest >= 1 else 0.1
    return next(
        (unit * step for step in (1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10) if unit * step >= largest), unit * 10
    )


# Into how many parts an axis is cut by the first digits of its top, so that each mark is a round number.
PARTS_OF = {1.2: 3, 1.5: 3, 3: 3, 5: 5, 6: 3}


def plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def line_chart(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    thresholds: Sequence[Threshold] = (),
    marks: Sequence[Mark] = (),
    height: int = 220,
    unit: Callable[[float], str] = plain,
    title: str = "",
) -> SafeString:
    """Lines over time. Trailing windows are drawn as steps (`Series.steps`), never as slopes.

    Drawn twice, for a wide and for a narrow card with fewer labels; the style sheet shows the one whose words can be
    read, so that nothing is scrolled sideways.
    """
    numbers = [value for line in series for value in line.values if value is not None]
    numbers += [threshold.value for threshold in thresholds]
    top = nice_top(max(numbers, default=1))
    if any(threshold.value >= top for threshold in thresholds):
        top = nice_top(top * 1.01)  # its words need a place above the line
    parts = PARTS_OF.get(round(top / 10 ** (len(str(int(top))) - 1), 1), 4) if top >= 1 else 3
    ticks = [top * part / parts for part in range(parts + 1)]

    def drawn(width: int, css: str, most: int) -> SafeString:
        frame = Frame(top, len(labels), height, ticks, width)
        shapes = [
            _grid(frame, unit),
            _axis(frame, labels, most),
            *(_mark(frame, mark) for mark in marks),
            *(_line(frame, line) for line in series),
            *(_threshold(frame, threshold) for threshold in thresholds),  # last: its words stand on the lines
        ]
        return _svg(width, height, shapes, f"prm-chart {css}", title)

    return drawn(WIDTH, "is-wide", 7) + drawn(NARROW, "is-narrow", 4)


def bar_chart(bars: Sequence[Part], *, unit: Callable[[float], str] = plain, title: str = "") -> SafeString:
    """Horizontal bars, one row each: label at the left, the value in words at the right."""
    largest = max((bar.value for bar in bars), default=0) or 1
    rows = [_bar(bar, row, largest, unit) for row, bar in enumerate(bars)]
    return _svg(WIDTH, max(len(bars), 1) * 28 + 4, rows, "prm-chart", title)


def column_chart(
    bars: Sequence[Part], *, height: int = 180, unit: Callable[[float], str] = plain, title: str = ""
) -> SafeString:
    """Vertical bars over time or classes."""
    top = nice_top(max((bar.value for bar in bars), default=1))
    frame = Frame(top, len(bars), height, [top * part / 2 for part in range(3)])
    slot = (WIDTH - LEFT - RIGHT) / max(len(bars), 1)
    columns = [_column(frame, bar, index, slot, height) for index, bar in enumerate(bars)]
    return _svg(WIDTH, height, [_grid(frame, unit), *columns], "prm-chart", title)


def stacked_bar(parts: Sequence[Part], *, title: str = "") -> SafeString:
    """Parts of a whole as one bar in up to five steps of one hue, or in the tones that are given."""
    total = sum(part.value for part in parts) or 1
    drawn, start = [], 0.0
    for number, part in enumerate(parts):
        width = 100 * part.value / total
        tone = part.tone if part.tone in TONES else f"step-{min(number, 4) + 1}"
        drawn.append(
            format_html(
                '<rect class="prm-fill-{}" x="{}%" width="{}%" height="100%"><title>{} {}</title></rect>',
                tone,
                f"{start:.3f}",
                f"{max(width - 0.4, 0):.3f}",
                part.label,
                part.note or plain(part.value),
            )  # fmt: skip
        )
        start += width
    return _svg(None, 10, drawn, "prm-stacked", title)


def sparkline(values: Sequence[float | None], *, title: str = "") -> SafeString:
    """The course of a number without axes: 80 by 20, a dot at the latest value."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(value for _, value in known), max(value for _, value in known)
    reach = (high - low) or 1
    points = [(2 + 76 * i / (len(values) - 1), 17 - 14 * (value - low) / reach) for i, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    drawn = [
        format_html('<polyline class="prm-spark" points="{}"/>', line),
        format_html(
            '<circle class="prm-spark-dot" cx="{}" cy="{}" r="2"/>', *(f"{c:.1f}" for c in points[-1])
        ),
    ]
    return _svg(80, 20, drawn, "prm-sparkline", title)


def peers(percentile: float, *, title: str = "") -> SafeString:
    """Where a value lies among peers: a dot on a hairline."""
    drawn = [
        format_html('<line class="prm-peer-line" x1="1" x2="59" y1="8" y2="8"/>'),
        format_html(
            '<circle class="prm-spark-dot" cx="{}" cy="8" r="2.5"/>', f"{3 + 54 * percentile / 100:.1f}"
        ),
    ]
    return _svg(60, 16, drawn, "prm-sparkline", title)


def _svg(width: int | None, height: int, drawn: Sequence[SafeString], css: str, title: str) -> SafeString:
    box = format_html(' viewBox="0 0 {} {}"', width, height) if width else SafeString("")
    size = format_html(' width="{}"', width if width and width < 100 else "100%")
    named = (
        format_html(' role="img" aria-label="{}"', title)
        if title
        else SafeString(' aria-hidden="true" focusable="false"')
    )
    fixed = format_html(' height="{}"', height) if not width or width < 100 else SafeString("")
    body = format_html_join("", "{}", ((item,) for item in drawn))
    return format_html('<svg class="{}"{}{}{}{}>{}</svg>', css, box, size, fixed, named, body)


def _grid(frame: Frame, unit: Callable[[float], str]) -> SafeString:
    return format_html_join(
        "",
        '<line class="prm-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="prm-axis" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, frame.right, frame.y(tick), frame.y(tick), LEFT - 8, frame.y(tick) + 4, unit(tick))
            for tick in frame.ticks
        ),
    )


def _axis(frame: Frame, labels: Sequence[str], most: int) -> SafeString:
    """The labels, at most so many of them."""
    every = max(1, -(-len(labels) // most))
    return format_html_join(
        "",
        '<text class="prm-axis" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((frame.x(i), frame.height - 6, label) for i, label in enumerate(labels) if i % every == 0),
    )


def _threshold(frame: Frame, threshold: Threshold) -> SafeString:
    y = frame.y(threshold.value)
    return format_html(
        '<line class="prm-threshold" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="prm-axis is-strong" x="{}" y="{}">{}</text>',
        LEFT, frame.right, y, y, LEFT + 4, y - 5, threshold.label,
    )  # fmt: skip


def _mark(frame: Frame, mark: Mark) -> SafeString:
    x = frame.x(mark.at)
    left_half = mark.at < frame.count / 2
    return format_html(
        '<line class="prm-mark" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="prm-axis" x="{}" y="{}" text-anchor="{}">{}</text>',
        x, x, TOP, frame.height - BOTTOM, x + (5 if left_half else -5), TOP + 2,
        "start" if left_half else "end", mark.label,
    )  # fmt: skip


def _line(frame: Frame, line: Series) -> SafeString:
    known = [(frame.x(index), frame.y(value)) for index, value in enumerate(line.values) if value is not None]
    if not known:
        return SafeString("")
    points = _stepped(known) if line.steps else known
    path = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<polyline class="prm-line is-{}" points="{}"/><circle class="prm-dot is-{}" cx="{}" cy="{}" r="2.5"/>',
        line.kind, path, line.kind, *known[-1],
    )  # fmt: skip


def _stepped(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    stepped = [points[0]]
    for (_, before), (x, after) in pairwise(points):
        stepped += [(x, before), (x, after)]
    return stepped


def _bar(bar: Part, row: int, largest: float, unit: Callable[[float], str]) -> SafeString:
    y = row * 28 + 4
    tone = bar.tone if bar.tone in TONES else "neutral"
    return format_html(
        '<text class="prm-axis is-strong" x="0" y="{}">{}</text>'
        '<rect class="prm-fill-track" x="200" y="{}" width="340" height="8" rx="2"/>'
        '<rect class="prm-fill-{}" x="200" y="{}" width="{}" height="8" rx="2"/>'
        '<text class="prm-axis is-strong" x="640" y="{}" text-anchor="end">{}</text>',
        y + 14, bar.label, y + 6, tone, y + 6, round(340 * bar.value / largest, 1), y + 14, bar.note or unit(bar.value),
    )  # fmt: skip


def _column(frame: Frame, bar: Part, index: int, slot: float, height: int) -> SafeString:
    y = frame.y(bar.value)
    middle = LEFT + slot * (index + 0.5)
    width = min(slot * 0.6, 40)
    tone = bar.tone if bar.tone in TONES else "neutral"
    return format_html(
        '<rect class="prm-fill-{}" x="{}" y="{}" width="{}" height="{}"><title>{} {}</title></rect>'
        '<text class="prm-axis" x="{}" y="{}" text-anchor="middle">{}</text>',
        tone, round(middle - width / 2, 1), y, round(width, 1), round(height - BOTTOM - y, 1), bar.label,
        bar.note or plain(bar.value), round(middle, 1), height - 6, bar.label,
    )  # fmt: skip
