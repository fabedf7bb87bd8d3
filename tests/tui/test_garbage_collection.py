"""Garbage is collected between drawings while the app runs, and as always before and after."""

import gc

from textual._styles_cache import StylesCache

from gradstep.tui.garbage_collection import NEVER, collect_garbage
from tests.tui.driving import assembled, shown


async def test_full_collections_wait_while_the_app_runs_and_come_again_afterwards() -> None:
    before = gc.get_threshold()
    async with shown(assembled()):
        assert gc.get_threshold()[2] == NEVER
    assert gc.get_threshold() == before


def test_textual_still_has_the_cache_that_is_emptied() -> None:
    collect_garbage()
    assert StylesCache.get_inner_outer.cache_info().currsize == 0
