from __future__ import annotations

import pytest

from aliases.exchange import values
from aliases.exchange.values import OddValue


@pytest.mark.parametrize("cell", ["1", "TRUE", "b'1'", "\x01", " yes ", "on", "enabled"])
def test_yes(cell: str) -> None:
    assert values.flag(cell) is True


@pytest.mark.parametrize("cell", ["0", "False", "b'0'", "\x00", "\\0", "no", "Off", "disabled"])
def test_no(cell: str) -> None:
    assert values.flag(cell) is False


@pytest.mark.parametrize("cell", ["", " ", "NULL", "\\N"])
def test_an_empty_flag_says_nothing(cell: str) -> None:
    assert values.flag(cell) is None


@pytest.mark.parametrize("cell", ["2", "maybe", "-1", "=TRUE()"])
def test_another_flag_is_odd(cell: str) -> None:
    with pytest.raises(OddValue, match="neither yes nor no"):
        values.flag(cell)


@pytest.mark.parametrize(("cell", "number"), [("12", 12), ("1E+05", 100_000), ("3.0", 3), ("NULL", None), ("", None)])
def test_a_count(cell: str, number: int | None) -> None:
    assert values.count(cell) == number


@pytest.mark.parametrize("cell", ["-4", "1.5", "many", "NaN", "Infinity", "1e999999", "12,5"])
def test_another_count_is_odd(cell: str) -> None:
    with pytest.raises(OddValue, match=r"no count|no number"):
        values.count(cell)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("2023-07-24 08:00:00", 1_690_185_600),
        ("2023-07-24T08:00:00Z", 1_690_185_600),
        ("2023-07-24T08:00:00.000000Z", 1_690_185_600),
        ("2023-07-24T10:00:00+02:00", 1_690_185_600),
        ("20230724", 1_690_156_800),
        ("1690185600", 1_690_185_600),
        ("0000-00-00 00:00:00", None),
        ("NULL", None),
        ("", None),
    ],
)
def test_a_moment(cell: str, seconds: int | None) -> None:
    assert values.moment(cell) == seconds


@pytest.mark.parametrize(
    "cell", ["24/07/2023", "45131", "1690185600000", "07-24-2023", "1969-01-01", "9999-01-01", "soon"]
)
def test_another_moment_is_odd_and_not_guessed(cell: str) -> None:
    with pytest.raises(OddValue, match=r"no date that can be understood|no moment of ours"):
        values.moment(cell)


@pytest.mark.parametrize("cell", ["00000000-0000-4000-8000-00000000010A", "00000000-0000-4000-8000-00000000010a"])
def test_an_identifier_stays_as_it_is_written(cell: str) -> None:
    assert values.identifier(f" {cell} ") == cell


@pytest.mark.parametrize("cell", ["{00000000-0000-4000-8000-00000000010a}", "0000000000004000800000000000010a"])
def test_an_identifier_in_another_form_gets_the_usual_one(cell: str) -> None:
    assert values.identifier(cell) == "00000000-0000-4000-8000-00000000010a"


@pytest.mark.parametrize("cell", ["7", "not-a-uuid", "00000000-0000-4000-8000-00000000010"])
def test_another_identifier_is_odd(cell: str) -> None:
    with pytest.raises(OddValue, match="is no UUID"):
        values.identifier(cell)


@pytest.mark.parametrize("formula", ["=1+1", "+49 30 1", "-x", "@sum", "\tx", "\rx", "\nx", "＝1", "'=x", "''=x"])
def test_no_cell_is_a_formula_and_each_comes_back(formula: str) -> None:
    cell = values.guarded(formula)
    assert cell[0] == "'"
    assert values.unguarded(cell) == formula


@pytest.mark.parametrize("text", ["plain", "'plain", "5'=6", ""])
def test_other_text_is_not_guarded(text: str) -> None:
    assert values.unguarded(values.guarded(text)) == values.guarded(text) == text
