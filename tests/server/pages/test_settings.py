"""What the form of the settings says becomes preferences, or a message beside the field."""

import pytest

from sparring.server.pages.settings import read_form


def test_prices_are_kept_and_an_empty_one_is_none() -> None:
    chosen, errors = read_form({"model_price_in": " 0.15 ", "model_price_out": ""})
    assert errors == {}
    assert (chosen.model_price_in, chosen.model_price_out) == (0.15, 0.0)


@pytest.mark.parametrize("price", ["-1", "0,15", "nan", "inf", "1e99", "free"])
def test_a_price_that_is_none_is_told_at_its_field(price: str) -> None:
    _, errors = read_form({"model_price_in": price})
    assert errors.keys() == {"model_price_in"}
