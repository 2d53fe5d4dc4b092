"""What keeps nothing: whoever uses it computes everything again."""

import numpy as np

from rnn.kept_results import NOTHING


def test_nothing_is_kept():
    NOTHING.put("fold", {"y": np.ones(3)})
    assert NOTHING.get("fold") is None
