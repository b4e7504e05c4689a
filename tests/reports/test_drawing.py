"""Where the marks of a chart stand."""

import pytest

from app.reports.drawing import Columns, Line, share


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (1, 4), (4, 4), (5, 8), (18, 20), (23, 40), (331, 400), (4001, 8000)]
)
def test_the_scale_ends_in_a_round_figure_above_the_highest(most, top):
    assert Columns.of([("a", most)]).ticks == [top, top * 3 // 4, top // 2, top // 4, 0]


def test_bars_stand_on_the_ground_side_by_side():
    drawn = Columns.of([("a", 4, 2), ("b", 0, 1)])
    assert [(bar.series, bar.y + bar.height, bar.height) for bar in drawn.bars] == [
        (1, 100, 100),
        (2, 100, 50),
        (2, 100, 25),
    ]
    assert drawn.bars[1].x - drawn.bars[0].x == 1
    assert all(bar.x >= 0 and bar.x + bar.width <= drawn.width for bar in drawn.bars)


def test_a_line_leaves_out_what_is_missing():
    line = Line.of([90, None, 100], goal=90)
    assert (line.points, line.goal) == ([(0, 50), (100, 0)], 50)
    assert line.ticks == [100, 90, 80]
    assert line.path == "M0.0 50.0 L100.0 0.0"
    assert Line.of([35]).ticks == [100, 60, 20]
    assert (Line.of([]).path, Line.of([None]).area) == ("", "")


def test_a_share_is_of_the_longest():
    assert (share(5, 10), share(0, 0)) == (50, 0)
