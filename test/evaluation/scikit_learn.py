# Reads cases from standard input and writes what scikit-learn says of each metric; null where it warns, fails or is not finite.
import json
import math
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m


def recall_at_fpr(y, p, fpr, w):
    false, true, _ = m.roc_curve(y, p, drop_intermediate=False, sample_weight=w)
    return true[false <= fpr * (1 + 1e-12)].max()


def classification(case, y, decided, w):
    found = {
        "accuracy": lambda: m.accuracy_score(y, decided, sample_weight=w),
        "balanced_accuracy": lambda: m.balanced_accuracy_score(y, decided, sample_weight=w),
        "matthews_corrcoef": lambda: m.matthews_corrcoef(y, decided, sample_weight=w),
        "cohen_kappa": lambda: m.cohen_kappa_score(y, decided, sample_weight=w),
    }
    for average in ["macro", "micro", "weighted"]:
        for name, score in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
            found[f"{name}(average={average})"] = lambda s=score, a=average: s(y, decided, average=a, sample_weight=w)
        found[f"fbeta(average={average}, beta=2)"] = lambda a=average: m.fbeta_score(
            y, decided, beta=2, average=a, sample_weight=w
        )
    return found


def binary(case, y, w):
    p = np.array(case["values"], dtype=float)
    decided = (p >= case["threshold"]).astype(int)
    two = np.column_stack([1 - p, p]) if len(p) else p
    return {
        **classification(case, y, decided, w),
        "precision": lambda: m.precision_score(y, decided, sample_weight=w),
        "recall": lambda: m.recall_score(y, decided, sample_weight=w),
        "specificity": lambda: m.recall_score(y, decided, pos_label=0, sample_weight=w),
        "f1": lambda: m.f1_score(y, decided, sample_weight=w),
        "fbeta(beta=0.5)": lambda: m.fbeta_score(y, decided, beta=0.5, sample_weight=w),
        "roc_auc": lambda: m.roc_auc_score(y, p, sample_weight=w),
        "average_precision": lambda: m.average_precision_score(y, p, sample_weight=w),
        "log_loss": lambda: m.log_loss(y, two, labels=[0, 1], sample_weight=w),
        "brier_score": lambda: m.brier_score_loss(y, p, pos_label=1, sample_weight=w),
        "recall_at_fpr(fpr=0.1)": lambda: recall_at_fpr(y, p, 0.1, w),
        "confusion": lambda: m.confusion_matrix(y, decided, labels=[0, 1], sample_weight=w),
    }


def multiclass(case, y, w):
    p = np.column_stack([np.array(column, dtype=float) for column in case["probabilities"]])
    decided = p.argmax(axis=1) if len(p) else np.array([], dtype=int)
    labels = list(range(len(case["classes"])))
    return {
        **classification(case, y, decided, w),
        "log_loss": lambda: m.log_loss(y, p, labels=labels, sample_weight=w),
        "roc_auc": lambda: m.roc_auc_score(y, p, multi_class="ovr", labels=labels, sample_weight=w),
        "roc_auc(average=weighted)": lambda: m.roc_auc_score(
            y, p, multi_class="ovr", average="weighted", labels=labels, sample_weight=w
        ),
        "top_k_accuracy(k=2)": lambda: m.top_k_accuracy_score(y, p, k=2, labels=labels, sample_weight=w),
        "confusion": lambda: m.confusion_matrix(y, decided, labels=labels, sample_weight=w),
    }


def regression(case, y, w):
    p = np.array(case["values"], dtype=float)
    found = {
        "mean_absolute_error": lambda: m.mean_absolute_error(y, p, sample_weight=w),
        "mean_squared_error": lambda: m.mean_squared_error(y, p, sample_weight=w),
        "root_mean_squared_error": lambda: m.mean_squared_error(y, p, squared=False, sample_weight=w),
        "mean_absolute_percentage_error": lambda: m.mean_absolute_percentage_error(y, p, sample_weight=w),
        "r2": lambda: m.r2_score(y, p, sample_weight=w),
        "mean_pinball_loss(alpha=0.9)": lambda: m.mean_pinball_loss(y, p, alpha=0.9, sample_weight=w),
    }
    # From 1.7 on scikit-learn takes the middle where exactly half of the weight lies below.
    if w is None or tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 7):
        found["median_absolute_error"] = lambda: m.median_absolute_error(y, p, sample_weight=w)
    if w is None:
        found["max_error"] = lambda: m.max_error(y, p)
    return found


def ranking(case, y, w):
    p = np.array(case["values"], dtype=float).reshape(-1, case["query"])
    y = y.reshape(-1, case["query"])
    any_found = y.sum(axis=1) > 0
    found = {"ndcg": lambda: m.ndcg_score(y, p), "ndcg(k=3)": lambda: m.ndcg_score(y, p, k=3)}
    if not case["tied"]:
        found["mean_average_precision"] = lambda: np.mean(
            [m.average_precision_score(t > 0, s) for t, s in zip(y[any_found], p[any_found])]
        )
    return found


tasks = {"binary": binary, "multiclass": multiclass, "regression": regression, "ranking": ranking}


def ask(measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with np.errstate(all="raise", under="ignore"):
                value = measure()
        except Exception:
            return None
    if isinstance(value, np.ndarray):
        return value.tolist()
    return float(value) if math.isfinite(value) else None


answers = []
for case in json.load(sys.stdin):
    labels = np.array(case["labels"], dtype=float if case["task"] == "regression" else int)
    weights = None if case["weights"] is None else np.array(case["weights"], dtype=float)
    answers.append({name: ask(measure) for name, measure in tasks[case["task"]](case, labels, weights).items()})
json.dump(answers, sys.stdout)
