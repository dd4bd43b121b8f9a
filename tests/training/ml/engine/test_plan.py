"""The engine's numbers, and random numbers that hang on their purpose alone."""

from typing import Any

import pytest

from training.ml.engine.plan import BadOption, Plan, drawing, planned, torch_drawing


def test_without_wishes_the_plan_is_the_usual_one() -> None:
    assert planned(None) == (Plan(), {})
    assert planned({"budget": None}) == (Plan(), {})


def test_numbers_of_the_recipe_are_left_to_it() -> None:
    plan, rest = planned({"budget": 6, "epochs": 20, "dropout": 0.1})
    assert (plan.budget, plan.dropout, rest) == (6, 0.1, {"epochs": 20})


@pytest.mark.parametrize(
    "wish", [{"folds": 0}, {"folds": -1}, {"folds": 2.5}, {"folds": "2"}, {"budget": True}, {"hidden": 0}]
)
def test_a_number_that_cannot_be_is_refused_with_its_name(wish: dict[str, Any]) -> None:
    with pytest.raises(BadOption, match=f"^{next(iter(wish))} must be") as caught:
        planned(wish)
    assert caught.value.permanent


def test_what_is_drawn_hangs_on_seed_purpose_and_epoch_alone() -> None:
    drawn = {
        float(drawing(seed, name, epoch).random())
        for seed in (0, 1)
        for name in ("refit", "single")
        for epoch in (1, 2)
    }
    assert len(drawn) == 8
    assert drawing(1, "refit", 2).random() in drawn
    assert torch_drawing(1, "a").initial_seed() == torch_drawing(1, "a").initial_seed()
