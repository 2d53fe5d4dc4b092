import pytest

from rnn.errors import NoVerdict, SeriesTooShort
from rnn.origins import earlier_origins, fold_origins, rolling_origins, training_origins


def test_origins_are_even_and_leave_a_whole_horizon():
    assert rolling_origins(100, 20, 4) == (50, 60, 70, 80)
    assert rolling_origins(40, 20, 5) == (20,)


def test_too_few_groups_for_one_fold_are_refused():
    with pytest.raises(SeriesTooShort, match="give 40 groups"):
        rolling_origins(39, 20, 5)


def test_what_is_learned_before_a_first_origin_leaves_room_for_outcomes():
    places = earlier_origins(100, 20)
    assert places[0] == 50
    assert places[-1] == 90
    assert earlier_origins(25, 20) == ()


def test_an_ensemble_rehearses_late_enough_to_have_learned_and_early_enough_to_know_what_came():
    assert training_origins(100, 20, 0.55, 5) == [55, 63, 72, 81, 90]


def test_the_gate_refuses_too_few_folds():
    assert fold_origins(200, 2, 10, 4) == [150, 160, 170, 180]
    with pytest.raises(NoVerdict, match="folds"):
        fold_origins(60, 2, 10, 4)
