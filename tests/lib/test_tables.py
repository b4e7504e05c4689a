"""Rows to CSV: read back as they were, and nothing that a spreadsheet would run."""

import csv
import io
from decimal import Decimal

import pytest

from app.lib import tables

pytestmark = pytest.mark.sqlite_only


def read(heads, *rows):
    text = "".join(tables.lines(heads, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_cells_come_back_as_they_were():
    assert read(["Asunto"], ['Una «cita», y "más"\ncon otra línea', 3, None, 4.5]) == [
        ["Asunto"],
        ['Una «cita», y "más"\ncon otra línea', "3", "", "4.5"],
    ]


@pytest.mark.parametrize(("delimiter", "wanted"), [(",", "-4.50,0.5"), (";", "-4,50;0,5")])
def test_a_fraction_is_written_as_the_spreadsheet_of_the_language_reads_it(delimiter, wanted):
    assert list(tables.lines(["a", "b"], [[Decimal("-4.50"), 0.5]], delimiter=delimiter))[1] == f"{wanted}\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_is_only_a_text(text):
    assert read(["a"], [text])[1] == [f"'{text}"]


def test_a_negative_number_stays_one():
    assert read(["a"], [-3])[1] == ["-3"]
