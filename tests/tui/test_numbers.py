"""Numbers as text: their width, sign and rounding."""

import math
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gradstep.tui.numbers import (
    LONGEST_OF_DATA,
    MINUS,
    MOST_DIGITS,
    NOT_COMPUTED,
    draw_bar,
    draw_sparkline,
    format_beside,
    format_change,
    format_chosen,
    format_count,
    format_number,
    format_of_data,
    format_points,
    format_share,
    plain_number,
    plain_share,
    typeset_minus,
)

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
@example(-1.2345e-300)
@example(-9.99e99)
@example(-9999.96)
@example(9.99996)
def test_a_number_has_the_width_asked_for(value: float) -> None:
    assert len(format_number(value)) == 8
    assert len(format_number(value, 9)) == 9


@given(finite)
@example(-0.00099999)
@example(-5e-324)
def test_a_formatted_number_has_the_sign_of_its_value(value: float) -> None:
    assert ("−" in format_number(value).partition("e")[0]) == (value < 0)


@given(finite)
@example(-1.2e-5)
def test_only_plain_numbers_have_an_ascii_minus(value: float) -> None:
    assert "-" not in format_number(value)
    assert plain_number(value) == format_number(value).replace("−", "-")
    assert format_chosen(value).replace("−", "-") == f"{value:g}"


@given(finite)
def test_only_0_is_formatted_as_0(value: float) -> None:
    assert (float(plain_number(value)) == 0) == (value == 0)


@given(finite.filter(lambda value: abs(value) < 1e99 and (value == 0 or abs(value) >= 1e-99)))
def test_a_formatted_number_is_its_value_rounded(value: float) -> None:
    assert float(plain_number(value)) == pytest.approx(value, rel=0.051)


@given(finite)
@example(0.99996)
@example(1 + 1e-9)
@example(12.004)
@example(12345.04)
def test_only_whole_numbers_are_formatted_without_a_decimal_point(value: float) -> None:
    for text in (plain_number(value).strip(), format_of_data(value)):
        assert value == int(value) or "." in text or "e" in text
    assert value != int(value) or abs(value) >= 1e7 or plain_number(value, 0) == str(int(value))


@given(finite.filter(lambda value: abs(value) < 1))
def test_only_1_is_formatted_as_1(value: float) -> None:
    assert abs(float(plain_number(value))) < 1


@given(st.floats(1e-3, 1e15).flatmap(lambda size: st.sampled_from((size, -size))))
@example(1460132.129696)
@example(-999999999999999.5)
def test_a_number_of_the_data_is_written_plainly_with_its_digits(value: float) -> None:
    text = format_of_data(value)
    assert len(text) <= LONGEST_OF_DATA and "e" not in text
    assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.0005, abs=0.00005001)
    assert abs(value) < 1e3 or float(text.replace("−", "-")) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.0, "0"), (2011.0, "2011"), (5.1, "5.1000"), (4205.715808, "4205.716"),
     (1460132.129696, "1460132.1"), (-123456789.0, "−123456789"), (2.5e-7, "2.5e−07"), (1e300, "1e+300"),
     (math.inf, "inf"), (math.nan, "nan")],
)  # fmt: skip
def test_examples_of_numbers_of_the_data(value: float, text: str) -> None:
    assert format_of_data(value) == text


@given(st.floats(1e-3, 1e4).flatmap(lambda size: st.sampled_from((size, -size))))
def test_a_number_of_common_size_has_four_exact_decimals(value: float) -> None:
    assert float(plain_number(value)) == pytest.approx(value, abs=0.00005001, rel=0.0005001)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.0, "0"), (1.0, "1"), (2011.0, "2011"), (-9999999.0, "−9999999"), (1e7, "1.0e+07"),
     (0.99996, "0.99996"), (1 - 1e-9, "0.999999"), (-1 + 1e-9, "−0.99999"), (1 + 1e-9, "1.000000"),
     (4205.715, "4205.7"), (999.96, "999.96"), (0.1234567, "0.1235"), (-2.5, "−2.5000"), (12.345, "12.35"),
     (1234.5, "1234.5"), (1.2e-5, "1.2e−05"), (123456.0, "123456"), (123456.5, "1.2e+05"),
     (math.nan, "nan"), (-math.inf, "−inf"), (None, NOT_COMPUTED)],
)  # fmt: skip
def test_examples_of_formatted_numbers(value: float | None, text: str) -> None:
    assert format_number(value) == text.rjust(8)


@pytest.mark.parametrize(("value", "text"), [(0.1, "0.1"), (0.005, "0.005"), (1e-5, "1e−05"), (2.0, "2")])
def test_a_chosen_value_is_shown_as_it_was_chosen(value: float, text: str) -> None:
    assert format_chosen(value) == text


@pytest.mark.parametrize(
    ("text", "typeset"),
    [
        ("-0.5 and -.5 are below 0, 1e-05 is not", "−0.5 and −.5 are below 0, 1e−05 is not"),
        ("(-3, -1)", "(−3, −1)"),
        ("cross-entropy of run-2-b in 2026-11-25", "cross-entropy of run-2-b in 2026-11-25"),
        ("-", "-"),
    ],
)
def test_a_minus_sign_is_replaced_and_a_hyphen_is_not(text: str, typeset: str) -> None:
    assert typeset_minus(text) == typeset


def test_a_share_is_formatted_in_percent_and_none_as_a_dash() -> None:
    assert (format_share(0.0), format_share(0.125), format_share(1.0), format_share(None)) == (
        "0%",
        "12%",
        "100%",
        NOT_COMPUTED,
    )


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0.996, 0, ">99%"), (0.004, 0, "<1%"), (0.9996, 1, ">99.9%"), (1e-9, 1, "<0.1%"), (1.0, 1, "100.0%")],
)
def test_a_share_is_0_or_100_percent_only_if_it_is_exactly_that(share: float, decimals: int, text: str) -> None:
    assert format_share(share, decimals) == text


@given(st.floats(0, 1))
@example(0.99996)
@example(1e-9)
@example(math.nextafter(1, 0))
@example(math.nextafter(0, 1))
def test_only_0_and_1_are_written_as_shares_of_0_and_1(share: float) -> None:
    text = plain_share(share)
    assert (float(text) in (0, 1)) == (share in (0, 1))
    assert float(text) == pytest.approx(share, abs=0.00005001)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0.0000"), (1.0, "1.0000"), (0.96667, "0.9667"), (0.99996, "0.99996"), (4e-5, "0.00004")]
)
def test_examples_of_shares_in_plain_text(share: float, text: str) -> None:
    assert plain_share(share) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.0333, "3.3 points"), (-0.0004, "−0.04 points"), (0.0, "0.0 points"), (-0.5, "−50.0 points"),
     (1e-9, "1e−07 points")],
)  # fmt: skip
def test_only_equal_shares_are_0_points_apart(difference: float, text: str) -> None:
    assert format_points(difference) == text


def test_a_count_has_commas_between_its_thousands() -> None:
    assert format_count(1_234_567) == "1,234,567"
    assert format_count(10**400) == "1.00000e+400"


@given(st.floats(0, 1), st.integers(1, 60))
def test_the_length_of_a_bar_is_its_value_to_an_eighth_of_a_cell(value: float, width: int) -> None:
    eighths = sum(" ▏▎▍▌▋▊▉█".index(cell) for cell in draw_bar(value, width))
    assert len(draw_bar(value, width)) <= width
    assert eighths == pytest.approx(value * width * 8, abs=0.5)


@given(finite, st.integers(1, 60))
def test_a_bar_is_never_longer_than_its_width(value: float, width: int) -> None:
    assert len(draw_bar(value, width)) <= width


counts = st.lists(st.integers(0, 10**9), max_size=40).map(tuple)


@given(counts)
def test_a_sparkline_has_a_cell_for_each_count_which_is_blank_only_for_0(counts: tuple[int, ...]) -> None:
    assert [cell == " " for cell in draw_sparkline(counts)] == [count == 0 for count in counts]


@given(counts)
def test_a_sparkline_never_draws_a_smaller_count_higher(counts: tuple[int, ...]) -> None:
    heights = [cell for _, cell in sorted(zip(counts, draw_sparkline(counts), strict=True))]
    assert heights == sorted(heights, key=" ▁▂▃▄▅▆▇█".index)


def test_the_largest_count_is_drawn_at_full_height() -> None:
    assert draw_sparkline((0, 1, 4, 8)) == " ▁▄█"


@pytest.mark.parametrize(
    ("now", "lands", "written"),
    [
        (0.010573, 0.010506, ("0.010573", "0.010506", "−0.000067")),
        (0.4924, 0.5082, ("0.4924", "0.5082", "+0.0158")),
        (12.5, 12.4993, ("12.50000", "12.49930", "−0.00070")),
        (3.21e-5, 3.19e-5, ("3.210e−05", "3.190e−05", "−2.0e−07")),
        (2.0, 1.7, ("2.0000", "1.7000", "−0.3000")),
        # −0.0032 would not be what 0.1144 and 0.1111 differ by
        (0.114370, 0.111132, ("0.11437", "0.11113", "−0.00324")),
        (2.0, 2.0, ("2", "2", "0")),
    ],
)
def test_the_losses_before_and_after_a_small_change_show_it_and_its_subtraction_comes_out(
    now: float, lands: float, written: tuple[str, str, str]
) -> None:
    change = lands - now
    assert (format_beside(now, change), format_beside(lands, -change), format_change(change, now, change)) == written


@given(st.floats(0.2, 0.9), st.floats(-0.1, 0.1))
def test_the_change_of_a_loss_comes_out_of_the_subtraction_unless_the_losses_have_the_most_digits(
    now: float, change: float
) -> None:
    assume(abs(change) > 1e-4)
    before, after = format_beside(now, change), format_beside(now + change, -change)
    written = format_change(change, now, change).replace(MINUS, "-")
    comes_out = Decimal(after) - Decimal(before) == Decimal(written)
    assert comes_out or len(after.removeprefix("0.")) == MOST_DIGITS
