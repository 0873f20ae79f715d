"""This file tests that an imported answer is shown as the document showed it."""

import pytest

from sparring.bank.prose import as_markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One.\nTwo.", "One.\n\nTwo."),
        ("Use the\nclient\nto ask.", "Use the\nclient\nto ask."),
        ("These:\n- a\n- b", "These:\n- a\n- b"),
        ("Ask twice.\nconst a = 1;\nsend(a);", "Ask twice.\n\n```\nconst a = 1;\nsend(a);\n```"),
        ("Roll out.\n# canary\nspec:\nreplicas: 5", "Roll out.\n\n```\n# canary\nspec:\nreplicas: 5\n```"),
        ("Index it.\nCREATE INDEX i ON t(c);", "Index it.\n\n```\nCREATE INDEX i ON t(c);\n```"),
        (
            "# Not a section\nbut prose that goes on for a while",
            "\\# Not a section\nbut prose that goes on for a while",
        ),
        ("```python\n# kept\n```", "```python\n# kept\n```"),
        ("```python\n# open", "```python\n# open\n```"),
        (
            "Two things:\n- Speed: it is fast.\n- Cost: it is cheap.",
            "Two things:\n- Speed: it is fast.\n- Cost: it is cheap.",
        ),
    ],
)
def test_code_is_fenced_and_paragraphs_are_apart(text: str, shown: str) -> None:
    assert as_markdown(text) == shown
