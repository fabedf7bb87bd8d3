"""What a card can ask a person to bring about: a closed set of facts about the session and the screen."""

from typing import Annotated, Any, Literal

from pydantic import Field

from gradstep.data.race_contest import Contest
from gradstep.data.settings import Count, Number
from gradstep.data.toml_table import TomlTable

ScreenName = Literal[
    "training", "walkthrough", "weights", "valley", "explorer", "race", "luck", "experiment", "paint", "importance"
]
PhaseName = Literal["training", "paused", "finished", "diverged"]
WalkPhase = Literal["forward", "loss", "backward", "update", "check"]
Interval = Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]


class Condition(TomlTable):
    """Facts that have to hold at one moment, all of them. A fact that is not given does not matter.

    Numbers of times are counted from the moment at which the card began.
    """

    screen: ScreenName | None = None
    # the run
    phase: PhaseName | None = None
    step: Annotated[int, Field(strict=True, ge=0)] | None = None
    step_at_least: Count | None = None
    steps_made: Count | None = None
    epoch_at_least: Count | None = None
    learning_rate: Number | None = None
    learning_rate_at_least: Number | None = None
    learning_rate_at_most: Number | None = None
    train_loss_at_most: Number | None = None
    train_loss_at_least: Number | None = None
    train_accuracy_at_least: Share | None = None
    test_accuracy_at_least: Share | None = None
    outputs: tuple[Interval | tuple[Interval, ...], ...] | None = None
    weight_set: Literal[True] | None = None
    run_restarted: Literal[True] | None = None
    field: dict[str, Any] | None = None
    # the training screen
    example_changed: Literal[True] | None = None
    example_right: bool | None = None
    panel: Literal["architecture", "loss", "gradients", "output"] | None = None
    enlarged: Literal[True] | None = None
    maps: Literal[True] | None = None
    # the walkthrough
    micro_step: str | None = None
    walk_phase: WalkPhase | None = None
    update: Count | None = None
    guesses: Count | None = None
    right_guesses: Count | None = None
    batch_table: Literal[True] | None = None
    gradient_checked: Literal[True] | None = None
    bug: str | None = None
    # the other screens
    valley: Literal["step", "parameter", "map"] | None = None
    landing: Literal["not finite", "flat", "uphill", "higher", "beyond", "lowest", "near", "short"] | None = None
    race_ended: Literal[True] | None = None
    race_contest: Contest | None = None
    activation: str | None = None
