"""What matters of the office's figures to a scheme."""

from zijing.assessment.definition import Said
from zijing.figures.counting import restricted
from zijing.figures.courses import has_course
from zijing.figures.known import known
from zijing.figures.models import Figure


def said_of(key: str) -> Said | None:
    """What a scheme needs to know of a figure; None when there is none."""
    figure = known(key)
    if figure is None:
        return None
    if figure.measure != Figure.Measure.SHARE:
        return Said(figure.measures == Figure.Measures.EFFORT, has_course(figure), restricted(figure))
    parts = [p for p in map(said_of, figure.inputs) if p is not None]
    effort = figure.measures == Figure.Measures.EFFORT or any(p.effort for p in parts)
    return Said(effort, has_course(figure), any(p.restricted for p in parts))
