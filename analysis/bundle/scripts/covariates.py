"""Imported by analysis.py: the covariates of covariates.csv, as the models take them."""

from pathlib import Path

import numpy as np
import pandas as pd


def with_covariates(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Give the rows of participants who have every covariate, with these as columns; all rows where there are none.

    Numbers are taken as they are, creatine kinase as its logarithm, sex as an indicator of male, what has other levels
    as indicators of all but the first of them in the alphabet (of a single one, 0); about their means.
    """
    if not Path("covariates.csv").exists():
        return rows, []
    values = pd.read_csv("covariates.csv", dtype=str, keep_default_na=False).set_index("participant")
    book = pd.read_csv("codebook.csv", dtype=str, keep_default_na=False)
    texts = set(book.loc[(book["file"] == "covariates.csv") & (book["type"] == "text"), "column"])
    coded = pd.concat([code(name, values[name], texts) for name in values], axis=1).dropna().add_prefix("covariate ")
    joined = rows.join(coded, on="participant", how="inner")
    for name in coded:
        joined[name] -= joined[name].mean()
    return joined, list(coded)


def code(name: str, values: pd.Series, texts: set[str]) -> pd.DataFrame:
    if name == "sex":
        return values.map({"female": 0.0, "male": 1.0}).to_frame()
    if name in texts:
        levels = sorted(set(values) - {""})[1:] or [""]  # which nobody with a value has: who has none stays missing
        columns = {f"{name} {level}": (values == level).astype(float).where(values != "") for level in levels}
        return pd.DataFrame(columns, index=values.index)
    numbers = pd.to_numeric(values.where(values != ""))
    return (np.log(numbers.where(numbers > 0)) if name == "ck_u_per_l" else numbers.astype(float)).to_frame()
