"""No number of the experiment's form is cut, whatever the values, the names and the size."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.core.errors import GradstepError
from gradstep.data.experiment import Experiment, make_experiment
from gradstep.tui.screens.experiment.fields import FIELDS, list_fields
from gradstep.tui.screens.experiment.panels import FieldDetails, FieldTable
from gradstep.tui.screens.experiment.state import FormView
from tests.tui.driving import assembled
from tests.tui.names import names
from tests.tui.wholeness import Drawn, assert_well_drawn, assert_whole, magnitudes, sizes

RUNS = {name: assembled(name) for name in ("iris", "sine")}
rates = st.floats(1e-300, 1e300) | st.sampled_from((0.1, 1.2345678901234567e-300, 1e300, 1234567.0))
counts = st.integers(1, 10**9) | st.sampled_from((10**15, 10**18 + 7))
hostile = names | st.sampled_from(("[x]", "a\x1b[2Jb\x07.csv", "日" * 60, "\u202e12", "1234567890"))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, dict[str, object]]:
    network: dict[str, object] = {"seed": draw(st.integers(0, 99) | counts)}
    if draw(st.booleans()):
        network["hidden"] = draw(st.lists(st.integers(1, 1_000_000), max_size=12))
    training: dict[str, object] = {
        "learning_rate": draw(rates),
        "l1": draw(magnitudes | st.just(-0.0)),
        "l2": draw(magnitudes | st.just(-0.0)),
        "target_loss": draw(magnitudes),
        "max_steps": draw(counts),
        "patience": draw(counts),
        "batch_size": draw(counts | st.just("full")),
    }
    data: dict[str, object] = {"name": draw(st.sampled_from(sorted(RUNS))), "seed": draw(counts)}
    if draw(st.booleans()):
        data = {"path": draw(hostile), "target": draw(hostile | st.integers(1, 10**9)), "test_fraction": 1 / 3}
    kept = draw(st.sets(st.sampled_from(sorted(training))))
    return {"data": data, "network": network, "training": {name: training[name] for name in kept}}


@st.composite
def forms(draw: st.DrawFn) -> Drawn:
    run = RUNS[draw(st.sampled_from(sorted(RUNS)))]
    try:
        experiment: Experiment = make_experiment(draw(tables()))
    except GradstepError:
        experiment = run.experiment
    field = draw(st.sampled_from(list_fields(experiment) if draw(st.booleans()) else FIELDS))
    complaint = draw(st.sampled_from(("", f"{field.dotted}: 1.2345678901234567e-300 is not {field.allowed}")))
    rows = len(run.split.train_rows)
    return Drawn(FormView(experiment, run.experiment, run.dataset, rows, field.dotted, complaint))


@given(forms(), sizes)
@settings(max_examples=300, deadline=None)
def test_no_number_of_the_form_is_cut(form: Drawn, size: tuple[int, int]) -> None:
    table = FieldTable(id="fields")
    # a value by default has its shorter forms on a narrow panel
    large = [*table.lines(form.view, 400, 60), *table.lines(form.view, 38, 60)]
    assert_whole(table, form.view, size, large)
    assert_well_drawn(FieldDetails(id="about"), form.view, size)


@given(st.integers(25, 299).map(lambda power: 10**power + 1), sizes)
@settings(max_examples=30, deadline=None)
def test_no_number_of_hundreds_of_digits_is_shown(number: int, size: tuple[int, int]) -> None:
    run = RUNS["iris"]
    tables = {"data": {"name": "iris", "seed": number}, "training": {"max_steps": number, "batch_size": number}}
    view = FormView(make_experiment(tables), run.experiment, run.dataset, 120, "training.max_steps")
    assert_whole(FieldTable(id="fields"), view, size)
