"""Values as TOML, in files and in messages."""

from hypothesis import given
from hypothesis import strategies as st

from gradstep.data.toml_value import LONGEST, quote_value, to_toml_value


@given(st.lists(st.floats(allow_nan=False) | st.integers(), max_size=30))
def test_a_list_in_a_message_has_whole_numbers(numbers: list[float]) -> None:
    text = quote_value(numbers)
    whole = [to_toml_value(number) for number in numbers]
    assert len(text) <= max(LONGEST, 2)
    assert all(number.strip() in ("", *whole) for number in text.strip("[]…").split(","))


def test_a_text_in_a_message_keeps_both_quotation_marks() -> None:
    text = quote_value("Nest never observed with full clutch. " * 4)
    assert len(text) == LONGEST and text.startswith('"Nest') and text.endswith('…"')
