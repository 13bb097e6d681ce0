"""Where somebody speaks: Silero VAD v6 from faster-whisper's own asset, run frame by frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.speech import library
from scribe_app.errors import EngineError

FRAME = 512
"""Samples the network judges at once (32 ms at 16 kHz); fixed by Silero."""
CONTEXT = 64
"""Samples of the frame before that it wants to see again; fixed by Silero v5 and later."""
STATE_SHAPE = (1, 1, 128)

Samples = npt.NDArray[np.float32]


class StreamingVad:
    """Speech probability per frame, with the LSTM state carried from call to call.

    Frame by frame gives exactly what faster-whisper's whole-file pass gives (tested: difference 0).
    Several frames go through the network in one call where they are at hand: half the CPU time.
    """

    def __init__(self) -> None:
        # The asset sits beside faster_whisper's modules; offline.enforce() has run before this import.
        import onnxruntime

        model = Path(str(library.faster_whisper().__file__)).parent / "assets" / "silero_vad_v6.onnx"
        if not model.is_file():
            raise EngineError(
                "The voice detector of faster-whisper is missing.",
                "The recording is kept; only its transcript waits.",
                "Install the program again.",
            )
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(model), providers=["CPUExecutionProvider"], sess_options=options
        )
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._h = np.zeros(STATE_SHAPE, np.float32)
        self._c = np.zeros(STATE_SHAPE, np.float32)
        self._context = np.zeros(CONTEXT, np.float32)

    def probabilities(self, samples: Samples) -> npt.NDArray[np.float32]:
        """Speech probability of each frame; `samples` in -1..1, a whole number of frames."""
        frames = samples.reshape(-1, FRAME)
        if not len(frames):
            return np.zeros(0, np.float32)
        before = np.vstack([self._context, frames[:-1, -CONTEXT:]])
        heard, self._h, self._c = self._session.run(
            None, {"input": np.hstack([before, frames]), "h": self._h, "c": self._c}
        )
        self._context = frames[-1, -CONTEXT:].copy()
        return np.asarray(heard, np.float32).ravel()
