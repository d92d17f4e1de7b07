"""The classifier: numbers in, a calibrated probability out; additive and monotone."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data


class AuthenticityClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Logistic regression whose coefficients keep the signs they are told.

    scikit-learn's ``LogisticRegression`` cannot hold a coefficient's sign, and its
    ``HistGradientBoostingClassifier`` can (``monotonic_cst``) but gives no exact parts of the
    log-odds; so the same penalised likelihood as the former is minimised here under bounds, by
    SciPy's L-BFGS-B. The model card compares it with the others.

    Parameters
    ----------
    directions : array-like of shape (n_features,) or None
        +1 keeps a coefficient at 0 or above, -1 at 0 or below, 0 leaves it free. None: all free.
    alpha : float, default=1.0
        Weight of the squared distance of the coefficients from ``prior``, each measured on its feature's
        standard deviation.
    prior : array-like of shape (n_features,) or None
        Log-odds a unit of each feature that are believed before any data are seen. None: all 0.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two classes; the second is the one whose probability rises with the decision.
    coef_ : ndarray of shape (n_features,)
        Log-odds a unit of each feature.
    intercept_ : float
        Log-odds of a row of zeros.
    n_features_in_ : int
        Number of features seen in `fit`.

    Examples
    --------
    >>> X = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    >>> model = AuthenticityClassifier(directions=[1, -1], alpha=0.1).fit(X, [0, 1, 1, 0])
    >>> model.predict(X).tolist()
    [0, 1, 1, 0]
    >>> bool(np.allclose(model.intercept_ + model.contributions(X).sum(axis=1), model.decision_function(X)))
    True
    """

    def __init__(self, directions: Any = None, alpha: float = 1.0, prior: Any = None) -> None:
        self.directions = directions
        self.alpha = alpha
        self.prior = prior

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to rows ``X`` (n_samples, n_features) of two classes ``y``.

        Raises
        ------
        ValueError
            If ``y`` does not hold two classes, or ``directions`` or ``prior`` do not match the features.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, target = np.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported; y holds {len(self.classes_)} classes")
        if len(self.classes_) < 2:
            raise ValueError(f"y holds one class only, {self.classes_[0]!r}; two are needed to tell apart")
        weight = _check_sample_weight(sample_weight, X)
        directions = self._for_each_feature("directions", X.shape[1])
        prior = self._for_each_feature("prior", X.shape[1])
        scale = np.sqrt(np.average((X - np.average(X, axis=0, weights=weight)) ** 2, axis=0, weights=weight))
        scale[scale == 0] = 1.0
        Z = X / scale
        signed = 2.0 * target - 1.0
        believed = prior * scale

        def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            coef, intercept = parameters[:-1], parameters[-1]
            margin = signed * (Z @ coef + intercept)
            slope = -weight * signed * expit(-margin)
            away = coef - believed
            value = float(weight @ np.logaddexp(0.0, -margin) + 0.5 * self.alpha * away @ away)
            return value, np.append(Z.T @ slope + self.alpha * away, slope.sum())

        bounds = [(0 if d > 0 else None, 0 if d < 0 else None) for d in directions]
        result = minimize(
            loss, np.zeros(X.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)],
            options={"maxiter": 5000, "ftol": 1e-13, "gtol": 1e-8},
        )  # fmt: skip
        self.coef_ = result.x[:-1] / scale
        self.intercept_ = float(result.x[-1])
        return self

    def _for_each_feature(self, name: str, n_features: int) -> np.ndarray:
        """A parameter as an array with one number a feature, zeros for None."""
        values = getattr(self, name)
        found = np.zeros(n_features) if values is None else np.asarray(values, dtype=np.float64)
        if found.shape != (n_features,):
            raise ValueError(f"{name} has shape {found.shape}, X has {n_features} features; give one each")
        return found

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of the second class; shape (n_samples,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        decision: np.ndarray = X @ self.coef_ + self.intercept_
        return decision

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities of both classes in the order of ``classes_``; shape (n_samples, 2)."""
        positive = expit(self.decision_function(X))
        return np.column_stack([1.0 - positive, positive])

    def predict(self, X: Any) -> np.ndarray:
        """The more probable class of each row; shape (n_samples,)."""
        check_is_fitted(self)
        labels: np.ndarray = self.classes_[(self.decision_function(X) > 0).astype(int)]
        return labels

    def contributions(self, X: Any) -> np.ndarray:
        """Each feature's part of the log-odds; with ``intercept_`` a row sums to its decision."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        parts: np.ndarray = X * self.coef_
        return parts

    def __sklearn_tags__(self) -> Any:
        """Say that two classes are the most it can tell apart."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
