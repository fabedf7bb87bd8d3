"""Reads TOML, with errors for the user."""

import re
import tomllib
from typing import Any

from gradstep.core.errors import GradstepError


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """Parse TOML; raises GradstepError with `where`, the line, the column and what is wrong."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GradstepError(f"{where}: {error}") from None
    except RecursionError:
        raise GradstepError(f"{where}: lists are nested too deeply") from None
    except ValueError:
        raise GradstepError(f"{where}: a whole number has more digits than can be read") from None


def find_line(text: str, table: str, key: str) -> int | None:
    """Return the line, from 1, on which a table has this key; None if it is written in another way than one a line."""
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[\s*([^\[\]]*?)\s*\]", line):
            current = head[1].strip("\"'")
            if not key and current == table:
                return number
        elif key and current == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return None
