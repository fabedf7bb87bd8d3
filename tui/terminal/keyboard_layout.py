"""The keys of the US layout at the places of the letters of other alphabets.

A shortcut is where its letter is on the keyboard, whatever layout is switched on. What is typed as text stays as it is.
"""

from unicodedata import name

US = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"

RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"

US_OF_LETTER = {
    **dict(zip(RUSSIAN, US, strict=True)),
    # Ukrainian and Belarusian where they differ
    **dict(zip("іїєґўІЇЄҐЎ", "s]'`oS}\"~O", strict=True)),
    # Greek
    **dict(zip("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm", strict=True)),
    **dict(zip("ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "ERTYUIOPASDFGHJKLZXCVBNM", strict=True)),
}
"""The character that the US layout has at the place of each letter."""

US_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))
"""What shift makes of the characters of the US layout that are not letters."""


def find_us_character(character: str, base: str = "", shift: bool = False) -> str:
    """Return what the US layout has at the place of this letter; other characters, and Latin letters, stay as they are.

    `base` is the key without shift in the US layout, where the terminal reports it.
    """
    if not character.isalpha() or name(character, "").startswith("LATIN"):
        return character
    if base.isascii() and base.isprintable() and base:
        return US_SHIFTED.get(base, base.upper()) if shift else base
    return US_OF_LETTER.get(character, character)
