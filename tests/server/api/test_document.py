"""The OpenAPI document is the one that is published, and it is whole."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

GOLDEN = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.json"
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def document(visited: Client) -> Any:
    """The document as it is served."""
    response = visited.get("/api/v1/openapi.json")
    assert response.headers["content-type"] == "application/json"
    return response.json()


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def test_the_published_document_is_the_one_that_is_served(document: Any) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert json.loads(GOLDEN.read_text("utf-8")) == document, "run with UPDATE_GOLDEN=1 and look at the difference"


def test_it_is_openapi_3_1_with_a_title_a_version_and_tags(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Sparring"
    assert document["info"]["version"]
    known = {each["name"] for each in document["tags"]}
    assert {tag for _, _, each in operations(document) for tag in each["tags"]} == known


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document: Any) -> None:
    names = [each["operationId"] for _, _, each in operations(document)]
    assert len(names) == len(set(names))
    assert all(each["summary"] and each["description"].endswith(".") for _, _, each in operations(document))


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: Any) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            value = list(value.values())
        for each in value if isinstance(value, list) else ():
            yield from references(each)

    there = {f"#/components/{kind}/{name}" for kind, each in document["components"].items() for name in each}
    assert set(references(document)) == there


def test_every_error_is_declared_as_a_problem(document: Any) -> None:
    for method, path, operation in operations(document):
        assert {"403", "421", "500", "503"} <= operation["responses"].keys()
        for status, response in operation["responses"].items():
            declared = response
            if "$ref" in response:
                declared = document["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
            if int(status) >= 400:
                assert declared["content"].keys() == {"application/problem+json"}, (method, path, status)


def test_nothing_else_is_served_that_would_load_scripts_from_elsewhere(visited: Client) -> None:
    for path in ("/schema", "/schema/redoc", "/schema/swagger", "/api/v1/schema", "/docs"):
        assert visited.get(path).status_code == 404
