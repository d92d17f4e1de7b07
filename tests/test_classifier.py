"""The classifier keeps scikit-learn's contract, its signs, and its sums."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from authentic_outreach import AuthenticityClassifier


@parametrize_with_checks([AuthenticityClassifier()])
def test_sklearn_contract(estimator, check):
    check(estimator)


@pytest.fixture
def rows():
    draw = np.random.default_rng(3)
    X = draw.normal(size=(300, 4))
    y = (X @ [1.5, -1.0, 0.5, 0.0] + draw.logistic(size=300) > 0).astype(int)
    return X, y


def test_agrees_with_the_stock_logistic_regression_where_no_sign_is_told(rows):
    from sklearn.linear_model import LogisticRegression

    X, y = rows
    X = X / X.std(axis=0)
    ours = AuthenticityClassifier(alpha=1.0).fit(X, y)
    stock = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(X, y)
    np.testing.assert_allclose(ours.coef_, stock.coef_[0], atol=1e-4)
    assert ours.intercept_ == pytest.approx(stock.intercept_[0], abs=1e-4)


@pytest.mark.parametrize("directions", [[-1, -1, -1, -1], [1, 1, 1, 1], [1, -1, 0, -1]])
def test_keeps_the_signs_it_is_told(rows, directions):
    model = AuthenticityClassifier(directions).fit(*rows)
    signs = np.array(directions)
    assert np.all(model.coef_ * signs >= 0)
    wanted = np.array([1, -1, 1])
    free_or_right = (signs[:3] == 0) | (signs[:3] == wanted)
    assert np.all(model.coef_[:3][free_or_right] * wanted[free_or_right] > 0)
    assert np.all(model.coef_[:3][~free_or_right] == 0)


def test_contributions_sum_to_the_log_odds(rows):
    X, y = rows
    model = AuthenticityClassifier().fit(X, y)
    total = model.intercept_ + model.contributions(X).sum(axis=1)
    np.testing.assert_allclose(total, model.decision_function(X), atol=1e-9)


def test_directions_of_another_length_are_named(rows):
    with pytest.raises(ValueError, match=r"directions has shape \(2,\), X has 4 features"):
        AuthenticityClassifier([1, -1]).fit(*rows)
