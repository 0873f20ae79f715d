"""This file reads an ONNX model once, on first use, however many threads ask for it."""

import threading
from collections.abc import Callable
from typing import Any


class ModelError(RuntimeError):
    """A model is not installed or cannot be read; the message says how to mend it."""


class Session:
    """A model that is read when it is first run, and runs on one core.

    Args:
        path: tells where the ONNX file is, or raises ModelError.
        width: numbers in a row of its first output.
        mend: what to do where it is missing or broken.
    """

    def __init__(self, path: Callable[[], str], width: int, mend: str) -> None:
        self._path = path
        self._width = width
        self._mend = mend
        self._opened: Any = None
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether the model has been read."""
        return self._opened is not None

    def warm(self) -> None:
        """Read the model, unless that was done.

        Raises:
            ModelError: when the model is missing or broken.
        """
        with self._lock:
            if self._opened is None:
                self._opened = self._open(self._path())

    def run(self, inputs: dict[str, Any]) -> Any:
        """Return the model's first output.

        Raises:
            ModelError: when the model is missing or broken.
        """
        if self._opened is None:
            self.warm()
        return self._opened.run(None, inputs)[0]

    def _open(self, path: str) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            opened = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no public base class
            raise ModelError(f"the model {path} cannot be read; {self._mend} ({error})") from error
        if opened.get_outputs()[0].shape[-1] != self._width:
            raise ModelError(f"the model {path} does not give rows of {self._width} numbers; {self._mend}")
        return opened
