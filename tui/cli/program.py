"""The program as a group of commands: `train` can be left out, and completes where it is."""

import os
from typing import Any

from typer import Context, TyperException
from typer.core import TyperGroup

from gradstep.core.errors import GradstepError

DEFAULT_COMMAND = "train"

GROUPS = {
    "Train": ("train", "sweep", "resume", "runs", "walk", "datasets"),
    "Your own data, and what was learnt": ("check", "predict", "export", "code"),
    "Learn and teach": ("learn", "lessons", "trace", "worksheet"),
    "Set up": ("config", "serve"),
}
"""The commands under each heading of the help."""


class Program(TyperGroup):
    """Runs `train` where no command is named: for no arguments, for an option of `train`, and for a file."""

    def __init__(self, **attributes: Any) -> None:
        """Sort the commands into the groups of the help."""
        super().__init__(**attributes)
        for name, command in self.commands.items():
            group = next((group for group, names in GROUPS.items() if name in names), None)
            command.rich_help_panel = group  # type: ignore[attr-defined]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the command in front of arguments that begin with none."""
        # a shell that completes the first word asks for commands too
        return super().parse_args(ctx, self._name_command(ctx, args) if args or not ctx.resilient_parsing else args)

    def _name_command(self, ctx: Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first in self.commands or (not first.startswith("-") and not _is_path(first)):
            return args if args else [DEFAULT_COMMAND]
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        return args if first.partition("=")[0] in own else [DEFAULT_COMMAND, *args]

    def shell_complete(self, ctx: Context, incomplete: str) -> list[Any]:  # type: ignore[override]
        """Complete the commands and the options of the program; those of `train` too, which can be left out."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            train = self.commands[DEFAULT_COMMAND]
            inner = train.make_context(DEFAULT_COMMAND, [], parent=ctx, resilient_parsing=True)
            known = {each.value for each in found}
            found += [each for each in train.shell_complete(inner, incomplete) if each.value not in known]
        return found

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Any, list[str]]:  # type: ignore[override]
        """Find the command; the error for an unknown one says what a name of a data set or of a lesson is for."""
        try:
            return super().resolve_command(ctx, args)
        except TyperException as error:
            if advice := _advise(args[0]):
                raise GradstepError(f"{error.format_message().partition('.')[0]}; {advice}") from None
            raise


def _is_path(word: str) -> bool:
    return os.sep in word or "." in word or os.path.exists(word)


ELSEWHERE = {
    "help": "gradstep --help lists the commands",
    "list": "gradstep runs lists the saved runs, gradstep datasets the built-in data",
    "compare": "gradstep runs lists the saved runs, and {runs} on the training screen compares them",
    "importance": "{importance} on the training screen shows the importance of the columns",
    "evaluate": "gradstep resume RUN --plain ends with all scores of a run",
    "test": "gradstep resume RUN --plain ends with all scores of a run",
}
"""What does what people look for under another name, with the keys in braces."""


def _advise(word: str) -> str:
    """Return the command for what has this name, or does what is meant by it; empty if nothing does."""
    if word in ELSEWHERE:
        from gradstep.tui.screen_keys import name_key

        return ELSEWHERE[word].format(runs=name_key("runs"), importance=name_key("importance"))
    # not before: whether it is one decides about an error only, and these need numpy
    from gradstep.data.lesson import lesson_names
    from gradstep.data.registry import BUILT_IN

    if word in BUILT_IN:
        return f"gradstep train {word} trains the data set of this name"
    return f"gradstep walk {word} opens the lesson of this name" if word in lesson_names() else ""
