"""What a lesson says beside each micro-step of the walkthrough."""

from dataclasses import replace

from gradstep.data.lesson import Lesson, Remark
from gradstep.tui.screens.walkthrough.state import WalkView


def add_lesson(view: WalkView, lesson: Lesson | None) -> WalkView:
    """Add the figures and remarks of the lesson for this micro-step; none while the numbers have a bug."""
    if lesson is None or view.bug is not None:
        return replace(view, figures=(), remarks=())
    here = (view.walk.update.step, view.walk.step.key)
    figures = (figure for figure in lesson.figures if (figure.update, figure.micro_step) == here)
    remarks = [remark for remark in lesson.remarks if (remark.update, remark.micro_step) == here]
    if view.walk.index == 0:
        remarks.insert(0, Remark(*here, f"{lesson.title}. From {lesson.source}. {lesson.about}"))
    return replace(view, figures=tuple(figures), remarks=tuple(remarks), author=lesson.author)
