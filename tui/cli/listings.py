"""The commands that list what comes with gradstep: the lessons and the data sets."""

import gc
import sys


def lessons() -> None:
    """List the lessons for `gradstep walk`."""
    from gradstep.data.lesson import lesson_names, load_lesson

    for name in lesson_names():
        lesson = load_lesson(name)
        print(f"{name:<18} {lesson.title}\n{'':<18} {lesson.about}", flush=True)


def datasets() -> None:
    """List the built-in data sets, with a picture of each."""
    from gradstep.data.registry import BUILT_IN, load_built_in
    from gradstep.tui.cli.dataset_gallery import draw_gallery
    from gradstep.tui.drawing.glyph_fallback import make_glyph_table

    gc.enable()
    text = draw_gallery(load_built_in(name, seed=0) for name in BUILT_IN)
    encoding = sys.stdout.encoding.lower().replace("-", "")
    print(text if encoding == "utf8" else text.translate(make_glyph_table("ascii") or {}), flush=True)
