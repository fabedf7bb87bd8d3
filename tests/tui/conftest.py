"""Keys are waited for by what the app has to do, and style sheets are parsed once."""

from tests.tui.idle import keys_without_waiting, style_sheets_parsed_once

__all__ = ["keys_without_waiting", "style_sheets_parsed_once"]
