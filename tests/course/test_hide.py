"""What a card hides is asked in the phase that it names, wherever a person has gone in the walkthrough."""

from gradstep.data.course.chapter import find_chapter
from gradstep.tui.cli.chapter_reader import reading


async def test_a_card_that_names_a_phase_goes_back_to_it() -> None:
    chapter = find_chapter("chain")
    card = next(i for i, each in enumerate(chapter.cards) if each.hide is not None)
    async with reading(chapter, card) as reader:
        # a walk begins in the phase forward
        await reader._press("w")
        reader._look()
        await reader._settle()
        facts = reader._find_facts()
        assert (facts.screen.walk_phase, facts.screen.micro_step) == ("backward", "∂ 1")
