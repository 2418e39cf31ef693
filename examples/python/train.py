"""Trains a small neural network with scikit-learn and writes it as ONNX, with nothing but Debian's python3-onnx.

The contract: data, seed and parameters come in the environment; the model goes where the config says. The graph below is
what scikit-learn computes: standardise, multiply, add, relu, and a sigmoid at the end.
"""

import csv
import json
import os

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

LABEL = "malignant"
NOT_FEATURES = {"id", LABEL}


def read_rows(path):
    """Features as a float matrix, their names, and the labels."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name not in NOT_FEATURES]
    features = numpy.array([[float(row[name]) for name in names] for row in rows])
    labels = numpy.array([int(float(row[LABEL])) for row in rows])
    return features, names, labels


def build_onnx(scaler, network, names):
    """One [N, 1] input per feature, by its name; the output is the probability of the positive class."""
    constants, nodes = [], []

    def constant(name, values):
        constants.append(numpy_helper.from_array(numpy.asarray(values, dtype=numpy.float32), name))
        return name

    def add(operator, inputs, output, **attributes):
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    current = add("Concat", names, "::all", axis=1)
    current = add("Sub", [current, constant("::mean", scaler.mean_)], "::centred")
    current = add("Div", [current, constant("::scale", scaler.scale_)], "::scaled")
    last = len(network.coefs_) - 1
    for index, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_)):
        inputs = [current, constant(f"::weights_{index}", weights), constant(f"::bias_{index}", bias)]
        current = add("Gemm", inputs, f"::layer_{index}")
        if index < last:
            current = add("Relu", [current], f"::active_{index}")
    add("Sigmoid", [current], "prediction")
    graph = helper.make_graph(
        nodes,
        "tumour",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 1]) for name in names],
        [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, ["N", 1])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="example")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def main():
    features, names, labels = read_rows(os.environ["MODELGATE_TRAIN_DATA"])
    params = json.loads(os.environ["MODELGATE_PARAMS"])
    scaler = StandardScaler().fit(features)
    network = MLPClassifier(
        hidden_layer_sizes=params["hidden"],
        alpha=params["alpha"],
        solver="lbfgs",
        max_iter=2000,
        random_state=int(os.environ["MODELGATE_SEED"]),
    )
    network.fit(scaler.transform(features), labels)
    path = os.environ["MODELGATE_MODEL_PATH"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    onnx.save(build_onnx(scaler, network, names), path)
    probabilities = network.predict_proba(scaler.transform(features))
    with open(os.path.join(os.environ["MODELGATE_OUT"], "metrics.json"), "w", encoding="utf-8") as file:
        json.dump({"train_log_loss": log_loss(labels, probabilities), "iterations": network.n_iter_}, file)
    write_check(scaler, network, names)
    print(f"trained on {len(labels)} rows in {network.n_iter_} iterations")


def write_check(scaler, network, names):
    """What scikit-learn says of the evaluation rows (which come without labels), to compare the exported model with."""
    with open(os.environ["MODELGATE_EVALUATION_DATA"], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    features = numpy.array([[float(row[name]) for name in names] for row in rows])
    probabilities = network.predict_proba(scaler.transform(features))[:, 1]
    with open(os.path.join(os.environ["MODELGATE_OUT"], "check.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "prediction"])
        writer.writerows([row["id"], repr(float(value))] for row, value in zip(rows, probabilities))


if __name__ == "__main__":
    main()
