"""Who writes and to whom does not move the score: names, firms, currencies, countries, sizes and trades are exchanged."""

import pytest

import authentic_outreach as ao
from authentic_outreach.fairness import EXCHANGES
from authentic_outreach.robustness import load_slips, shift_of_slips

AT_LEAST = {"names": 200, "firms": 150, "currencies": 100, "countries": 50, "sizes": 50, "sectors": 80}


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange_moves_no_score_by_more_than_a_point(corpus, name):
    spreads = EXCHANGES[name](corpus[::4] if name == "names" else corpus, None)
    assert len(spreads) >= AT_LEAST[name]
    assert [spread for spread in spreads if spread.points > 1.0] == []


def test_slips_of_non_native_english_are_not_clumsiness(root, corpus):
    """Seventy messages as a non-native writer might have put them, by hand, with slips of 43 first languages."""
    pairs = load_slips(root / "data", corpus)
    assert len(pairs) >= 60
    shift = shift_of_slips(pairs, ao.load_model())
    assert shift["authentic before"] >= 20
    assert abs(shift["mean shift"]) < 2.0
    assert shift["of these clumsy after"] <= 0.05 * shift["authentic before"]
