"""Damages files and words, a little or a lot, in the ways that files and words are damaged."""

from random import Random

NUMBERS = [
    "0",
    "-1",
    "1e308",
    "-1e-320",
    "nan",
    "inf",
    "-inf",
    "9" * 5000,
    "0x10",
    "1_000",
    "1e5",
    "٣",
    "1.5",
    "½",
    "-0.0",
]
WORDS = [
    "",
    " ",
    '"',
    "'",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\ufeff",
    "é",
    "神",
    "🙂",
    "\u202e",
    "\x1b[2J",
    "none",
    "auto",
    "?",
    "%s",
    "{}",
]
WORDS += ["../" * 40, "a" * 300, ";", "#", "[", "[[", "{", "=", "true", "/dev/null", "digits", "~", "$HOME"]
PIECES = [piece.encode() for piece in NUMBERS + WORDS] + [b"\xff", b"\x80", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b"]

EXTREMES = [0, 1, 0x7F, 0x80, 0xFF]


def mutate(content: bytes, random: Random, pieces: list[bytes] = PIECES) -> bytes:
    """Return the content with one to eight changes: bits, bytes, numbers, pieces, spans cut, doubled or moved."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        at, other = sorted(random.randrange(len(changed) + 1) for _ in range(2))
        span = min(other, at + random.choice((1, 4, 30, 1000)))
        match random.randrange(9):
            case 0 if at < len(changed):
                changed[at] ^= 1 << random.randrange(8)
            case 1 if at < len(changed):
                changed[at] = random.choice(EXTREMES)
            case 2:
                changed[at:at] = random.choice(pieces)
            case 3:
                changed[at:span] = random.choice(pieces)
            case 4:
                del changed[at:span]
            case 5:
                del changed[at:]
            case 6:
                changed[at:at] = changed[at:span]
            case 7:
                width = random.choice((2, 4, 8))
                number = random.choice((0, 1, -1, 2**31 - 1, 2**32 - 1, 2**15, 2**40, random.getrandbits(16)))
                order = random.choice(("little", "big"))
                changed[at : at + width] = (number % 256**width).to_bytes(width, order)
            case 8:
                lines = changed.split(b"\n")
                random.shuffle(lines) if random.random() < 0.3 else lines.insert(0, random.choice(lines))
                changed = bytearray(b"\n".join(lines))
    return bytes(changed)


def mutate_text(text: str, random: Random) -> str:
    """Return a word that a person could have typed instead of this one; no command line holds a null character."""
    return mutate(text.encode(errors="surrogateescape"), random).replace(b"\0", b"").decode(errors="surrogateescape")
