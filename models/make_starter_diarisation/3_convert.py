"""Step 3: voice_model.npz -> ../starter-diarisation/{segmentation,embedding}.onnx, as sherpa-onnx reads them.

    python 3_convert.py [FOLDER]

Both hold the same small network. `embedding.onnx` is it: Kaldi's log-mel frames to one voice. In
`segmentation.onnx` the front end comes before it, and after it a division of ten seconds of sound into up to
three voices: moving means of the frames' voices, their first principal axis, Lloyd's algorithm. It has the
inputs, outputs and metadata of pyannote's segmentation 3.0, whose place it takes; two at once it never says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from fbank import FFT, FLOOR, LENGTH, MELS, PREEMPHASIS, RATE, SHIFT, mel_weights, povey_window
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
OPSET = 17
VOICE, SOFT, SHARE = 32, 5.5, 0.6
"""As voice_model.py has them."""
DILATIONS = (1, 2, 3)
WINDOW_S = 10
STEP = 2
"""Log-mel frames an answer of the segmentation."""
NEAR = 81
"""Log-mel frames over which a voice is averaged before it is compared."""
SHORT = 21
"""The same for whether anyone speaks."""
SPEAKS = 0.3
"""Share of loud frames from which somebody speaks."""
CALM = 25
"""Answers over which the voice that is heard most stands."""
ROUNDS = 6
"""Of Lloyd's algorithm."""
LEAST_APART = 0.35
"""A third voice is one only where it is this much of the distance of the first two from them."""
NEVER = -20.0


class Graph:
    """Nodes and constants as they are written down; every call gives the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: object, kind: type = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def __call__(self, op: str, *inputs: str | float, **attributes: object) -> str:
        names = [one if isinstance(one, str) else self.constant(one) for one in inputs]
        out = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, names, [out], **attributes))
        return out

    def mean(self, values: str, weights: str) -> str:
        """Weighted over axis 1, which stays."""
        axis = self.constant([1], np.int64)
        total = self("ReduceSum", self("Mul", values, weights), axis, keepdims=1)
        return self("Div", total, self("Add", self("ReduceSum", weights, axis, keepdims=1), 1e-6))

    def moving(self, values: str, width: int, step: int = 1) -> str:
        """Mean over `width` places of axis 1 round every `step`th."""
        turned = self("Transpose", values, perm=[0, 2, 1])
        half = width // 2
        places = {"kernel_shape": [width], "strides": [step], "pads": [half, half - step + 1]}
        pooled = self("AveragePool", turned, count_include_pad=1, **places)
        return self("Transpose", pooled, perm=[0, 2, 1])

    def save(
        self, path: Path, given: tuple[str, list], found: tuple[str, list], about: dict[str, object]
    ) -> None:
        """With these shapes and metadata."""
        self.nodes[-1].output[0] = found[0]
        graph = helper.make_graph(
            self.nodes,
            path.stem,
            [helper.make_tensor_value_info(given[0], TensorProto.FLOAT, given[1])],
            [helper.make_tensor_value_info(found[0], TensorProto.FLOAT, found[1])],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        helper.set_model_props(model, {key: str(value) for key, value in about.items()})
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)


def loud(graph: Graph, frames: str) -> str:
    """As voice_model.loud."""
    level = graph("ReduceMean", frames, axes=[2], keepdims=1)
    highest = graph("ReduceMax", level, axes=[1], keepdims=1)
    lowest = graph("ReduceMin", level, axes=[1], keepdims=1)
    under = graph("Min", graph("Mul", graph("Sub", highest, lowest), SHARE), SOFT)
    return graph("Sigmoid", graph("Mul", graph("Add", graph("Sub", level, highest), under), 3.0))


def voices(graph: Graph, frames: str, weights: str, learned: dict[str, np.ndarray]) -> str:
    """As VoiceModel.frames."""
    level = graph("ReduceMean", graph.mean(frames, weights), axes=[2], keepdims=1)
    values = graph("Mul", graph("Sub", frames, level), 0.3)
    values = graph("Transpose", values, perm=[0, 2, 1])
    for number, dilation in enumerate(DILATIONS):
        kernel = learned[f"convolutions.{number}.weight"]
        pad = dilation * (kernel.shape[2] // 2)
        values = graph("Relu", graph("Conv", values, graph.constant(kernel),
                                     graph.constant(learned[f"convolutions.{number}.bias"]),
                                     dilations=[dilation], pads=[pad, pad]))  # fmt: skip
    values = graph("Transpose", values, perm=[0, 2, 1])
    last = graph("MatMul", values, graph.constant(learned["last.weight"].T))
    return graph("Add", last, graph.constant(learned["last.bias"]))


def front_end(graph: Graph, sound: str) -> str:
    """(1, 1, samples) in -1..1 to (1, frames, MELS): fbank.py, but that the mean of a frame stays in it."""
    samples = graph("Mul", graph("Squeeze", sound, graph.constant([1], np.int64)), 32_768.0)
    before = graph("Slice", graph("Pad", samples, graph.constant([0, 1, 0, 0], np.int64)),
                   graph.constant([0], np.int64), graph.constant([-1], np.int64),
                   graph.constant([1], np.int64))  # fmt: skip
    bright = graph("Sub", samples, graph("Mul", before, PREEMPHASIS))
    early = (LENGTH - SHIFT) // 2
    padded = graph("Pad", bright, graph.constant([0, early, 0, FFT - SHIFT - early], np.int64))
    signal = graph("Unsqueeze", padded, graph.constant([2], np.int64))
    window = np.pad(povey_window(), (0, FFT - LENGTH))
    spectrum = graph("STFT", signal, graph.constant(SHIFT, np.int64), graph.constant(window),
                     graph.constant(FFT, np.int64))  # fmt: skip
    power = graph("ReduceSum", graph("Mul", spectrum, spectrum), graph.constant([3], np.int64), keepdims=0)
    return graph("Log", graph("Max", graph("MatMul", power, graph.constant(mel_weights())), FLOOR))


def distance(graph: Graph, values: str, centre: str) -> str:
    """Squared, of each place from one centre: (1, places, 1)."""
    apart = graph("Sub", values, centre)
    return graph("ReduceSum", graph("Mul", apart, apart), graph.constant([2], np.int64), keepdims=1)


def nearest(graph: Graph, values: str, centres: list[str]) -> list[str]:
    """For every centre (1, places, 1): 1 where it is the nearest."""
    distances = [distance(graph, values, centre) for centre in centres]
    least = distances[0]
    for one in distances[1:]:
        least = graph("Min", least, one)
    return [graph("Cast", graph("LessOrEqual", one, least), to=TensorProto.FLOAT) for one in distances]


def lloyd(graph: Graph, values: str, weights: str, centres: list[str]) -> list[str]:
    """Centres after some rounds."""
    for _ in range(ROUNDS):
        own = nearest(graph, values, centres)
        centres = [graph.mean(values, graph("Mul", weights, one)) for one in own]
    return centres


def two_centres(graph: Graph, values: str, weights: str) -> list[str]:
    """Where Lloyd's algorithm begins: both sides of the mean along the first principal axis."""
    centred = graph("Sub", values, graph.mean(values, weights))
    spread = graph("MatMul", graph("Transpose", graph("Mul", centred, weights), perm=[0, 2, 1]), centred)
    for _ in range(5):  # to the 32nd power
        size = graph("Sqrt", graph("ReduceSumSquare", spread, axes=[1, 2], keepdims=1))
        spread = graph("Div", spread, graph("Add", size, 1e-9))
        spread = graph("MatMul", spread, spread)
    axis = graph("MatMul", spread, graph.constant(np.random.default_rng(1).normal(size=(1, VOICE, 1))))
    side = graph("MatMul", centred, axis)
    upper = graph("Cast", graph("Greater", side, 0.0), to=TensorProto.FLOAT)
    lower = graph("Sub", 1.0, upper)
    return [graph.mean(values, graph("Mul", weights, one)) for one in (upper, lower)]


def third_centre(graph: Graph, values: str, weights: str, two: list[str]) -> str:
    """The place that is furthest from both; far from all where it is too near to be a voice of its own."""
    apart = graph("Min", *(distance(graph, values, centre) for centre in two))
    apart = graph("Mul", apart, graph("Cast", graph("Greater", weights, SPEAKS), to=TensorProto.FLOAT))
    place = graph("ArgMax", apart, axis=1, keepdims=1)
    found = graph("GatherND", values, graph("Squeeze", place, graph.constant([2], np.int64)), batch_dims=1)
    found = graph("Unsqueeze", found, graph.constant([1], np.int64))
    enough = graph("Mul", distance(graph, two[0], two[1]), LEAST_APART)
    near = graph("Less", graph("ReduceMax", apart, axes=[1], keepdims=1), enough)
    return graph("Add", found, graph("Mul", graph("Cast", near, to=TensorProto.FLOAT), 1e4))


def segmentation(learned: dict[str, np.ndarray], path: Path) -> None:
    """Sound to who of three speaks, as a powerset: nobody, 1, 2, 3, 1+2, 1+3, 2+3."""
    graph = Graph()
    frames = front_end(graph, "x")
    weights = loud(graph, frames)
    values = voices(graph, frames, weights, learned)
    near = graph.moving(weights, NEAR, STEP)
    local = graph("Div", graph.moving(graph("Mul", values, weights), NEAR, STEP), graph("Add", near, 1e-4))
    speaks = graph.moving(weights, SHORT, STEP)
    two = lloyd(graph, local, speaks, two_centres(graph, local, speaks))
    three = [*two, third_centre(graph, local, speaks, two)]
    own = nearest(graph, local, lloyd(graph, local, speaks, three))
    own = [graph.moving(graph("Mul", speaks, one), CALM) for one in own]
    most = graph("Max", *own)
    active = graph("Cast", graph("Greater", speaks, SPEAKS), to=TensorProto.FLOAT)
    nobody = graph("Mul", active, NEVER)
    chosen = []
    for one in own:
        heard = graph("Cast", graph("GreaterOrEqual", one, most), to=TensorProto.FLOAT)
        chosen.append(graph("Mul", graph("Sub", 1.0, graph("Mul", active, heard)), NEVER))
    two_at_once = graph("Add", graph("Mul", nobody, 0.0), NEVER)
    graph("Concat", nobody, *chosen, two_at_once, two_at_once, two_at_once, axis=2)
    about = {
        "model_type": "pyannote-segmentation-3.0", "version": 1, "num_speakers": 3, "powerset_max_classes": 2,
        "num_classes": 7, "sample_rate": RATE, "window_size": WINDOW_S * RATE,
        "receptive_field_size": LENGTH, "receptive_field_shift": STEP * SHIFT,
        "model_author": "starter-diarisation", "license": "Apache-2.0",
    }  # fmt: skip
    graph.save(path, ("x", ["N", 1, "T"]), ("y", ["N", "frames", 7]), about)


def embedding(learned: dict[str, np.ndarray], path: Path) -> None:
    """Log-mel frames to one voice."""
    graph = Graph()
    weights = loud(graph, "x")
    mean = graph.mean(voices(graph, "x", weights, learned), weights)
    graph("Squeeze", mean, graph.constant([1], np.int64))
    about = {
        "framework": "wespeaker", "language": "English, Dutch", "sample_rate": RATE, "output_dim": VOICE,
        "normalize_samples": 0, "feature_normalize_type": "", "url": "", "comment": "starter-diarisation",
    }  # fmt: skip
    graph.save(path, ("x", ["N", "T", MELS]), ("embedding", ["N", VOICE]), about)


def main() -> None:
    """Both files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "starter-diarisation"
    folder.mkdir(exist_ok=True)
    learned = {name: value.astype(np.float32) for name, value in np.load(HERE / "voice_model.npz").items()}
    segmentation(learned, folder / "segmentation.onnx")
    embedding(learned, folder / "embedding.onnx")


if __name__ == "__main__":
    main()
