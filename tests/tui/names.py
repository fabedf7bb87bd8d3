"""Names as data sets have them: of every alphabet, with wide characters, combining marks and emoji."""

from hypothesis import strategies as st

LATIN = ("a", "Bc", "é", "e\u0301", "m\u0302", "Ω", "ж", " ", "-", "_")
WIDE = ("日", "本語", "한", "ｶﾅ", "🌱")
JOINED = ("❤\ufe0f", "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽")

names = st.lists(st.sampled_from(LATIN + WIDE + JOINED), min_size=1, max_size=12).map("".join).filter(str.strip)
"""Names of one character and more; long ones do not fit everywhere."""
