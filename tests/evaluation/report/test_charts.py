import re
import xml.etree.ElementTree as ElementTree

import pytest

from multistyle.evaluation.report.charts import way_chart

WAY = {
    "styles": ["a<b", "c"],
    "content": [0.5] * 11,
    "first_style": [i / 10 for i in range(11)],
    "second_style": [1 - i / 10 for i in range(11)],
    "worse_steps": [4, 5],
}


def test_lines_and_dots_stand_where_the_values_are():
    chart = way_chart(WAY)
    figure = ElementTree.fromstring(chart)
    lines = {
        line.get("class"): [
            tuple(map(float, point.split(",")))
            for point in line.get("points").split()
        ]
        for line in figure.iter("polyline")
    }
    assert set(lines) == {"content", "first", "second"}
    # The lower left corner of the axes and the upper right one.
    assert lines["first"][0] == (28, 104)
    assert lines["first"][-1] == (194, 10)
    assert lines["second"][0] == (28, 10)
    assert {y for _, y in lines["content"]} == {57}
    assert lines["content"][5][0] == pytest.approx((28 + 194) / 2)
    dots = [float(dot.get("cx")) for dot in figure.iter("circle")]
    assert dots == [x for x, _ in lines["content"][4:6]]


def test_names_are_escaped():
    chart = way_chart(WAY)
    assert "a<b" not in chart
    assert re.findall(r'aria-label="(.*?)"', chart) == ["a&lt;b to c"]
