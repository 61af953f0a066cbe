"""The mixed model written out in full, for tests of the closed forms: V, X and y of every grade."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.long_format import long_format
from analysis.stats.mixed_model.model import Model


@dataclass(frozen=True)
class Dense:
    """y (n,), X (n, p), and the matrices V_a of V = Σ φ_a V_a: identity, cells, participants."""

    y: np.ndarray
    X: np.ndarray
    parts: list[np.ndarray]

    def covariance(self, variances: np.ndarray) -> np.ndarray:
        return sum(variance * part for variance, part in zip(variances, self.parts, strict=True))

    def weighted(self, variances: np.ndarray) -> np.ndarray:
        """W'V⁻¹W of W = [X y]."""
        W = np.column_stack([self.X, self.y])
        return W.T @ np.linalg.solve(self.covariance(variances), W)

    def criterion(self, variances: np.ndarray) -> float:
        """−2 times the restricted log-likelihood, up to log|X'X|."""
        V, X = self.covariance(variances), self.X
        XVX = X.T @ np.linalg.solve(V, X)
        residual = self.y - X @ np.linalg.solve(XVX, X.T @ np.linalg.solve(V, self.y))
        squares = residual @ np.linalg.solve(V, residual)
        constant = (len(X) - X.shape[1]) * np.log(2 * np.pi)
        return np.linalg.slogdet(V)[1] + np.linalg.slogdet(XVX)[1] + squares + constant

    def projection(self, variances: np.ndarray) -> np.ndarray:
        """P = V⁻¹ − V⁻¹X(X'V⁻¹X)⁻¹X'V⁻¹."""
        inverse = np.linalg.inv(self.covariance(variances))
        VX = inverse @ self.X
        return inverse - VX @ np.linalg.solve(self.X.T @ VX, VX.T)


def dense(model: Model) -> Dense:
    """The model's rows, with the response centred per muscle and scaled as the model has it."""
    rows = long_format(model)
    muscle = rows.cell if rows.cell is not None else np.zeros(len(rows.y))
    means = {code: rows.y[muscle == code].mean() for code in np.unique(muscle)}
    same = (rows.participant[:, None] == rows.participant).astype(float)
    cells = [same * (muscle[:, None] == muscle)] if rows.cell is not None else []
    y = (rows.y - np.array([means[code] for code in muscle])) / model.unit
    return Dense(y, rows.X, [np.eye(len(y)), *cells, same])
