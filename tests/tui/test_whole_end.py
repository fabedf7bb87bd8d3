"""No number of the panel of the end is cut, whatever the scores and the size."""

from dataclasses import replace
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.observation.finding import Finding, Remedy
from gradstep.core.observation.outcome import MEAN_GUESS
from gradstep.core.training.evaluation import Evaluation, Score
from gradstep.core.training.stopping import StopReason
from gradstep.tui.screens.training.end import EndPanel
from gradstep.tui.session.endings import RunEnd
from gradstep.tui.session.training_session import TrainingSession
from tests.tui.driving import assembled
from tests.tui.wholeness import LARGE, Drawn, any_values, assert_whole, numbers_on, sizes

VIEW = TrainingSession(assembled("iris"), None, True).view
shares = st.floats(0, 1) | st.sampled_from((0.0, 1.0, 0.99996, 1 - 1e-12, 1e-12, 0.5, 0.5004))


@st.composite
def ends(draw: st.DrawFn) -> Drawn:
    accuracies = st.just(None) if draw(st.booleans()) else shares
    scores = st.builds(Score, any_values, accuracies)
    test = draw(st.booleans())
    both = st.builds(Evaluation, st.just(100), scores, scores if test else st.none())
    words = f"the loss is {draw(any_values):.3g} times that of the constant guess, {MEAN_GUESS}"
    failure = Finding("no better", "it ends no better than a constant guess", words, draw(st.sampled_from(Remedy)))
    failed = draw(st.booleans())
    ending = "no_better_than_guess" if failed else draw(st.sampled_from(("max_steps", *get_args(StopReason))))
    end = RunEnd(ending, draw(both), draw(both), draw(st.floats(0, 1e9)), failure if failed else None)
    return Drawn(replace(VIEW, end=end, findings=(failure,) if failed else ()))


@given(ends(), sizes)
@settings(max_examples=300, deadline=None)
def test_no_number_of_the_end_is_cut(end: Drawn, size: tuple[int, int]) -> None:
    panel = EndPanel(id="end")
    assert_whole(panel, end.view, (size[0], 4))
    accuracy = end.view.end.evaluation.train.accuracy
    if accuracy is not None:
        shown = numbers_on(panel.lines(end.view, *LARGE))
        assert ("100.0%" in shown) <= (
            1.0
            in {
                each.accuracy
                for part in (end.view.end.evaluation, end.view.end.guess)
                for each in (part.train, part.test)
                if each is not None
            }
        )
