"""What the contract refuses, and how it says so."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from api import contract
from tests.api import factories

ID = UUID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
Content = dict[str, Any]


@pytest.mark.parametrize("kind", ["article", "term", "help_contact"])
@pytest.mark.parametrize("language", ["en", "ar", "zh-Hans"])
def test_valid_documents_pass(kind: str, language: str) -> None:
    contract.check(kind=kind, content=factories.MAKERS[kind](ID, language))


@pytest.mark.parametrize(
    "options", [{"sample": True}, {"notice": "Dose."}, {"advice": ()}, {"sample": True, "notice": "Dose.", "advice": ("a", "b")}]
)
def test_leading_blocks_pass_in_their_order(options: Content) -> None:
    content = factories.article(ID, **options)
    contract.check(kind="article", content=content)
    kinds = [block["type"] for block in contract.leading_blocks(content)]
    assert kinds == sorted(kinds, key=contract.LEADING.index)


def swap_leading(content: Content) -> None:
    blocks = content["sections"][0]["blocks"]
    blocks[0], blocks[1] = blocks[1], blocks[0]
    content["sections"][0]["html"] = "".join(block["html"] for block in blocks)


def move_advice_last(content: Content) -> None:
    first, last = content["sections"]
    last["blocks"].append(first["blocks"].pop(2))
    for section in content["sections"]:
        section["html"] = "".join(block["html"] for block in section["blocks"])


REFUSED: list[tuple[str, Callable[[Content], object]]] = [
    ("extra: The contract has no such key", lambda c: c.update(extra=1)),
    ("version: The store stamps this", lambda c: c.update(version=1)),
    ("title: This field may not be blank", lambda c: c.update(title="")),
    ("title: This field is required", lambda c: c.pop("title")),
    ("sections: This list may not be empty", lambda c: c.update(sections=[])),
    ("sections[0].blocks: This list may not be empty", lambda c: c["sections"][0].update(blocks=[])),
    ("sections[0].blocks[2].html: Holds HTML that is not", lambda c: c["sections"][0]["blocks"][2].update(html="<p onclick=x>a</p>")),
    ("sections[0].blocks[2].odd: The contract has no such key", lambda c: c["sections"][0]["blocks"][2].update(odd=1)),
    ("sections[0].blocks[2].value: A block of type advice", lambda c: c["sections"][0]["blocks"][2].update(value={"text": "a"})),
    ("sections[0].blocks[2].value: `text` is not a str", lambda c: c["sections"][0]["blocks"][2].update(value={"kind": "a", "text": 1})),
    ("sections[1].html: Is not the HTML of its blocks", lambda c: c["sections"][1].update(html="<p>a</p>")),
    ("direction: Is not the direction of en", lambda c: c.update(direction="rtl")),
    ('lang: "es-MX" is not a valid choice', lambda c: c.update(lang="es-MX")),
    ("translation: `origin` is `source`", lambda c: c["translation"].update(origin="human")),
    ("translation: A source is never outdated", lambda c: c["translation"].update(status="outdated", outdated_by="safety")),
    ("translation.outdated_by: Is there exactly when", lambda c: c["translation"].update(outdated_by="safety")),
    ("sections: Block 0 of the first section must be the sample", swap_leading),
    ("sections: Block 2 of the first section must be the advice", move_advice_last),
    ("sections: Block 2 of the first section must be the advice", lambda c: c["safety"][0].update(html="<p>a</p>", text="a")),
    ("sections: Blocks of type sample, notice and advice stand once", lambda c: c.update(safety=[])),
    ("sections: Block 0 of the first section must be the notice", lambda c: c.update(sample=False)),
    ("sections: More than one section has the id what", lambda c: c["sections"][1].update(id="what")),
    ("safety[0].text: Is not the plain text", lambda c: c["safety"][0].update(text="Something else")),
    ("reading.words: written as '12'", lambda c: c["reading"].update(words="12")),
    ("review.reviewed_on: Date has wrong format", lambda c: c["review"].update(reviewed_on="3 May")),
    ("related[0]: Must be a valid UUID", lambda c: c.update(related=["x"])),
    ("related[0]: written as", lambda c: c.update(related=[str(ID).upper()])),
    ("images[0].url: Not an http or https address", lambda c: c["images"][0].update(url="ftp://example.org/a")),
    ("title: Null characters are not allowed", lambda c: c.update(title="a\x00")),
    ("not JSON: ", lambda c: c.update(title="a\ud800")),
    ("not JSON: ", lambda c: c.update(refresh_by_days=float("inf"))),
    ("not JSON: ", lambda c: c.update(related=[ID])),
    ("topics[0].code: This value does not match", lambda c: c["topics"][0].update(code="A|b")),
]  # fmt: skip


@pytest.mark.parametrize(("message", "change"), REFUSED)
def test_violations_say_where_and_what(message: str, change: Callable[[Content], object]) -> None:
    content = factories.article(ID, sample=True, notice="Dose.")
    change(content)
    with pytest.raises(contract.ContractViolation) as violation:
        contract.check(kind="article", content=content)
    assert any(line.startswith(message) for line in violation.value.errors), violation.value.errors


def test_text_outdated_by_a_safety_change_needs_a_notice() -> None:
    outdated = factories.translation("es", status="outdated", outdated_by="safety")
    with pytest.raises(contract.ContractViolation, match="with a notice, or not at all"):
        contract.check(kind="article", content=factories.article(ID, "es", translation=outdated))
    contract.check(kind="article", content=factories.article(ID, "es", translation=outdated, notice="Dose."))


@pytest.mark.parametrize("value", [{"items": []}, {"items": [1]}, {"items": "a"}])
def test_steps_are_a_list_of_texts(value: Content) -> None:
    content = factories.article(ID)
    content["sections"][1]["blocks"][0].update(type="steps", value=value)
    with pytest.raises(contract.ContractViolation, match="items"):
        contract.check(kind="article", content=content)


def test_symptoms_of_a_block_are_terms() -> None:
    content = factories.article(ID)
    content["sections"][1]["blocks"][0].update(type="symptoms", value={"items": [{"code": "nausea", "label": "Nausea"}]})
    with pytest.raises(contract.ContractViolation, match=r"items\[0\].kind"):
        contract.check(kind="article", content=content)


@pytest.mark.parametrize(("key", "value"), [("region", "USA"), ("number", "9 1 1"), ("verified_on", None), ("kind", "shop")])
def test_wrong_help_contacts_are_refused(key: str, value: object) -> None:
    with pytest.raises(contract.ContractViolation, match=key):
        contract.check(kind="help_contact", content=factories.help_contact(ID, **{key: value}))
