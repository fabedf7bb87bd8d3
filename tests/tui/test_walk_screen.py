"""The walkthrough screen: its numbers are those of the update, and it goes on with the run."""

import re

import pytest

from gradstep.core.notation import exact, number
from gradstep.core.training.update import Update
from gradstep.tui.numbers import NOT_COMPUTED, format_number
from gradstep.tui.screens.dialogs.help import WORDS
from gradstep.tui.screens.training.screen import TrainingScreen
from gradstep.tui.screens.walkthrough.screen import WalkthroughScreen
from gradstep.tui.session.walk import Walk
from gradstep.tui.widgets.panel import Panel
from tests.tui.driving import AppPilot, assembled, diverging, session_of, shown, step_of, text, until, wait_for_walk
from tests.tui.walking import (
    digits,
    focus,
    focus_on,
    lesson_run,
    press,
    recorded,
    resized,
    screen,
    shown_text,
    small,
    step,
    view,
    wait_until_settled,
    walk,
    walk_to,
    walking,
)

ROWS = {"z": "z", "a": "a", "δ": "δ", "∂E/∂w": "∂", "g": "mean", "new": "new"}


def expected_number(update: Update, walk: Walk, key: str) -> float:
    """The number of a micro-step, straight from the arrays of an update."""
    name, _, layer_number = key.partition(" ")
    i = walk.focus.example
    if name == "loss":
        return float(update.losses[i])
    if name == "mean" and not layer_number:
        return update.loss + update.penalty
    layer = update.layers[int(layer_number) - 1]
    j, k = walk.focus.neurons[int(layer_number) - 1], walk.focus.weights[int(layer_number) - 1]
    by_name = {
        "z": layer.z[i, j],
        "a": layer.a[i, j],
        "δ": layer.delta[i, j],
        "∂": layer.delta[i, j] * layer.inputs[i, k],
        "mean": layer.data_gradient[j, k],
        "new": layer.new[j, k],
    }
    return float(by_name[name])


def values(pilot: AppPilot) -> dict[str, str]:
    """The cells of the panel "so far", by micro-step."""
    found: dict[str, str] = {}
    for line in shown_text(pilot, "walk-values").split("\n"):
        name, *cells = line.split() or [""]
        if name in ROWS:
            cells = cells[1:] if name == "new" else cells
            layers = range(1, len(walk(pilot).update.layers) + 1)
            found |= {f"{ROWS[name]} {layer}": cell for layer, cell in zip(layers, cells, strict=False)}
        elif name in ("E", "L"):
            found["loss" if name == "E" else "mean"] = cells[0]
    return found


def notices(pilot: AppPilot) -> list[str]:
    return [notification.message for notification in pilot.app._notifications]


# the numbers


async def test_the_values_so_far_are_those_of_the_update_with_dashes_for_the_rest() -> None:
    async with walking(digits()) as pilot:
        twin = recorded(digits())
        steps = walk(pilot).steps
        for place in range(len(steps)):
            cells = values(pilot)
            assert len(cells) == 3 * len(ROWS) + 2
            for key, cell in cells.items():
                ahead = key not in [each.key for each in steps[: place + 1]]
                assert cell == (NOT_COMPUTED if ahead else number(expected_number(twin, walk(pilot), key)))
            await press(pilot, "right")


async def test_the_explanation_ends_with_the_numbers_of_the_update() -> None:
    async with walking(small(optimizer="adam", l1=1e-3)) as pilot:
        twin = recorded(small(optimizer="adam", l1=1e-3))
        for key in ["loss", "mean", *(f"{name} {layer}" for name in ROWS.values() for layer in (1, 2))]:
            await walk_to(pilot, key)
            assert f"= {number(expected_number(twin, walk(pilot), key))}" in shown_text(pilot, "explanation")


async def test_the_numbers_follow_the_chosen_neuron_weight_and_example() -> None:
    async with walking(small()) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "∂ 1")
        await press(pilot, "n", "n")
        await focus_on(pilot, neuron=2, weight=1)
        layer = twin.layers[0]
        i = focus(pilot).example
        result = float(layer.delta[i, 2] * layer.inputs[i, 1])
        assert number(result) in shown_text(pilot, "explanation")
        assert values(pilot)["∂ 1"] == number(result)
        assert format_number(result, 0) in shown_text(pilot, "matrices")


async def test_the_matrices_are_those_of_the_update() -> None:
    async with walking(small(), size=(200, 60)) as pilot:
        twin = recorded(small())
        await walk_to(pilot, "a 1")
        for value in (*twin.layers[0].z.ravel(), *twin.layers[0].a.ravel()):
            assert format_number(float(value), 0) in shown_text(pilot, "matrices")


async def test_the_network_shows_what_it_has_computed_and_dashes_for_the_rest() -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        for key, dashes in (("batch", 2), ("z 1", 2), ("a 1", 1), ("z 2", 1), ("a 2", 0), ("δ 2", 1), ("δ 1", 0)):
            await walk_to(pilot, key)
            assert shown_text(pilot, "walk-graph").count(NOT_COMPUTED) == dashes


async def test_forward_again_shows_the_outputs_with_the_new_weights() -> None:
    # 16 micro-steps on: Mazur's outputs after one update are .742088 and .775285
    async with walking(lesson_run("mazur")[0]) as pilot:
        await press(pilot, *["right"] * 16)
        assert step(pilot).title == "forward again, with the new parameters"
        for y, new in ((1, ".7421"), (2, ".7753")):
            assert new in shown_text(pilot, "walk-graph")
            subscript = "₁₂"[y - 1]
            before, after = walk(pilot).update.layers[1].a[0, y - 1], walk(pilot).update.activations_after[1][0, y - 1]
            assert f"ŷ{subscript} was {number(before)}, is now {number(after)}" in shown_text(pilot, "explanation")
        assert ".7514" not in shown_text(pilot, "walk-graph") and ".7729" not in shown_text(pilot, "walk-graph")
        assert re.search(r"E +0.298371 +loss[^\n]*, now 0.291028", shown_text(pilot, "walk-values"))


@pytest.mark.parametrize(
    ("key", "layer"), [("batch", 0), ("z 1", 1), ("a 2", 2), ("loss", 0), ("mean", 0), ("δ 1", 1), ("check", 0)]
)
async def test_only_what_is_of_a_layer_names_one(key: str, layer: int) -> None:
    async with walking(lesson_run("mazur")[0]) as pilot:
        for size in ((120, 40), (80, 12)):
            await resized(pilot, size)
            await walk_to(pilot, key)
            position = text(screen(pilot).query_one("#phases", Panel))
            assert ("layer" in position) == bool(layer), size
            assert not layer or f"layer {layer}, neuron" in position


# from update to update


@pytest.mark.parametrize("yes", ["right", "enter"])
async def test_past_the_last_micro_step_the_next_update_is_made_after_a_question(yes: str) -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "check")
        for no in ("left", "escape", "n"):
            await press(pilot, "right")
            assert "Make update 2?" in shown_text(pilot, "explanation")
            await press(pilot, no)
            assert "Make update 2?" not in shown_text(pilot, "explanation")
            assert (walk(pilot).update.step, step(pilot).key) == (1, "check")
        await press(pilot, "right", yes)
        assert (walk(pilot).update.step, walk(pilot).index) == (2, 0)
        assert (walk(pilot).update.x == recorded(small(), 2).x).all()
        assert step_of(session_of(pilot)) == 2


async def test_before_the_first_micro_step_is_the_last_of_the_update_before() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "check")
        await press(pilot, "right", "right", "left")
        assert walk(pilot).update.step == 1
        assert step(pilot) is walk(pilot).steps[-1]
        assert walk(pilot).written.result == recorded(small()).loss_after


async def test_walking_back_before_the_first_update_shows_a_note() -> None:
    async with walking(small()) as pilot:
        await press(pilot, "left")
        assert (walk(pilot).update.step, walk(pilot).index) == (1, 0)
        assert notices(pilot) == ["This is the first update of the run."]


async def test_walking_back_past_the_kept_steps_shows_a_note() -> None:
    run = small()
    run.trainer.run(lambda: False, until=5)
    async with walking(run) as pilot:
        assert walk(pilot).update.step == 6
        await press(pilot, "left")
        assert (walk(pilot).update.step, walk(pilot).index) == (6, 0)
        assert notices(pilot) == ["The run before update 6 is not kept any more."]


async def test_an_update_that_diverges_shows_a_note_and_keeps_the_walk() -> None:
    async with walking(diverging()) as pilot:
        while not notices(pilot):
            await walk_to(pilot, "check")
            await press(pilot, "right", "right")
        (notice,) = notices(pilot)
        assert notice.startswith(f"step {walk(pilot).update.step + 1}: ")
        assert step(pilot) is walk(pilot).steps[-1]


async def test_a_walk_does_not_change_the_run() -> None:
    async with walking(small()) as pilot:
        for _ in range(2):
            await walk_to(pilot, "check")
            await press(pilot, "right", "right")
        await press(pilot, "b", "g", "t", "b", "b", "t", "left", "left")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        await pilot.press("S")
        trainer, twin = session_of(pilot).run.trainer, small().trainer
        await until(lambda: step_of(session_of(pilot)) == trainer.steps_per_epoch, pilot)
        twin.run(lambda: False, until=trainer.step)
        assert (trainer.network.parameters == twin.network.parameters).all()


async def test_esc_closes_the_gradient_check_and_the_table_before_it_leaves_the_walk() -> None:
    async with walking(small()) as pilot:
        await walk_to(pilot, "∂ 1")
        await press(pilot, "t", "g")
        await until(lambda: view(pilot).checked is not None, pilot)
        await press(pilot, "escape")
        assert (view(pilot).checked, view(pilot).table_of_batch) == (None, True)
        await press(pilot, "escape")
        assert not view(pilot).table_of_batch
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)


@pytest.mark.parametrize("after", ["escape", "ctrl+q"])
async def test_a_walk_that_is_left_at_once_leaves_nothing_behind(after: str) -> None:
    async with walking(small()) as pilot:
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, TrainingScreen), pilot)
        for key in ("w", after):
            pilot.app.simulate_key(key)
        await until(lambda: pilot.app._exit or not isinstance(pilot.app.screen, WalkthroughScreen), pilot)


async def test_the_phases_and_the_network_are_written_over_the_walk() -> None:
    async with walking(digits()) as pilot:
        shown = text(screen(pilot).query_one("#phases", Panel))
        assert "forward  ▸ loss ▸ backward ▸ update ▸ check   1 of" in shown
        assert "ŷ = softmax(W3·relu(W2·relu(W1·x + b1) + b2) + b3)" in shown


async def test_numbers_have_six_digits_except_beside_published_figures() -> None:
    run, lesson = lesson_run("mazur")
    async with walking(run) as pilot:
        await walk_to(pilot, "δ 2")
        assert max(count_digits(pilot)) <= 8
    async with walking(run, lesson) as pilot:
        await walk_to(pilot, "δ 2")
        assert exact(walk(pilot).written.result) in shown_text(pilot, "explanation")


def count_digits(pilot: AppPilot) -> list[int]:
    """The significant digits of each number of the formula that is written out."""
    texts = re.findall(r"[\d.]+", " ".join(walk(pilot).written.lines))
    return [len(text.replace(".", "").lstrip("0")) for text in texts]


async def test_the_walk_says_how_the_input_in_focus_was_scaled() -> None:
    async with walking(assembled("iris"), size=(80, 24)) as pilot:
        split, chosen = session_of(pilot).run.split, walk(pilot).focus
        for key in ("batch", "z 1"):
            await walk_to(pilot, key)
            shown = shown_text(pilot, "explanation")
            found = re.search(r"scaled: x\S = \((\S+) − mean (\S+)\) / sd (\S+) = (\S+)", shown)
            assert found is not None
            raw, mean, deviation, scaled = (float(text.replace("−", "-")) for text in found.groups())
            column = split.dataset.points[split.train_rows][:, chosen.weights[0]].astype(float)
            assert raw == column[walk(pilot).update.rows[chosen.example]]
            assert (mean, deviation) == pytest.approx((column.mean(), column.std()), abs=1e-4)
            assert scaled == pytest.approx((raw - mean) / deviation, abs=1e-3)
        await walk_to(pilot, "a 1")
        assert "scaled" not in shown_text(pilot, "explanation")
    async with walking(assembled("circle")) as pilot:
        assert "scaled" not in shown_text(pilot, "explanation")


@pytest.mark.parametrize("name", ["digits", "iris"])
async def test_at_80_24_the_title_names_the_chosen_weight(name: str) -> None:
    async with walking(assembled(name, {"hidden": [120, 110]}, batch_size=100), size=(80, 24)) as pilot:
        for each in walk(pilot).steps:
            if each.layer:
                await walk_to(pilot, each.key)
                weight = walk(pilot).focus.weights[each.layer - 1] + 1
                assert f"weight {weight}" in shown_text(pilot, "phases"), each.key


def test_the_help_says_how_the_shapes_of_the_tables_multiply() -> None:
    words = dict(WORDS)
    assert "W1 (2 × 2), and b1 as its last column" in words["W1|b1 2 × 3"]
    assert "a row" in words["W·x + b"] and "x @ W.T + b" in words["W·x + b"]


async def test_the_walk_says_which_step_of_the_run_its_update_made() -> None:
    async with shown(assembled("digits")) as pilot:
        await pilot.press("s", "s", "w")
        await wait_for_walk(pilot)
        await wait_until_settled(pilot)
        said = "Update 2 made the step on the training screen. There V shows the next one."
        assert said in " ".join(shown_text(pilot, "explanation").split())
        await press(pilot, *["left"] * len(walk(pilot).steps))
        assert step(pilot).key == "batch" and step_of(session_of(pilot)) == 1
        assert said.replace("2", "1") in " ".join(shown_text(pilot, "explanation").split())
        await press(pilot, "right")
        assert "training screen" not in shown_text(pilot, "explanation")


async def test_at_80_24_the_strip_says_which_class_a_neuron_of_the_output_is() -> None:
    async with walking(assembled("digits"), size=(80, 24)) as pilot:
        await walk_to(pilot, "∂ 3")
        unit = focus(pilot).neurons[-1]
        assert f"n{unit + 1} class {unit}: ŷ" in shown_text(pilot, "network-strip")


@pytest.mark.parametrize("name", ["digits", "iris"])
async def test_at_80_24_the_sentence_that_explains_the_backward_pass_is_whole(name: str) -> None:
    async with walking(assembled(name), size=(80, 24)) as pilot:
        for each in walk(pilot).steps:
            if each.phase == "backward":
                await walk_to(pilot, each.key)
                assert each.words in " ".join(shown_text(pilot, "explanation").split()), each.key


async def test_the_scaled_inputs_of_an_example_say_that_they_are_scaled_and_from_which_number() -> None:
    async with walking(assembled("iris"), size=(160, 50)) as pilot:
        scaling, shown = view(pilot).scaling, shown_text(pilot, "walk-example")
        x = walk(pilot).update.x[focus(pilot).example]
        assert scaling is not None and "inputs scaled" in shown
        for value, raw in zip(x.tolist(), scaling.undo(x).tolist(), strict=True):
            assert f"{format_number(value, 0)}  from {format_number(raw, 0)}" in shown
        await resized(pilot, (120, 40))
        # the names of the classes come first
        shown = shown_text(pilot, "walk-example")
        assert "inputs scaled" in shown and "from" not in shown and "versicolor" in shown
    async with walking(assembled("circle"), size=(160, 50)) as pilot:
        assert not {"scaled", "from"} & set(shown_text(pilot, "walk-example").split())
