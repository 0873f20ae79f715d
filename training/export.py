"""This file writes a trained cross-encoder as int8 ONNX: `python training/export.py MINILM WEIGHTS LAYERS ONNX`."""

import sys
import tempfile
from pathlib import Path

import torch
from cross_encoder import CrossEncoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class Probabilities(nn.Module):
    """The cross-encoder with named inputs and probabilities as its output."""

    def __init__(self, model: CrossEncoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.model(dict(zip(INPUTS, (ids, mask, kinds), strict=True))).softmax(-1)
        return result


def main(base: str, weights: str, layers: int, out: str) -> None:
    """Export, and make int8 of the matrices; seven bits, since older processors overflow with eight."""
    model = CrossEncoder(base, layers)
    model.load_state_dict(torch.load(weights))
    model.eval()
    ids = torch.randint(1000, 2000, (2, 24))
    axes = {name: {0: "pairs", 1: "pieces"} for name in INPUTS} | {"probabilities": {0: "pairs"}}
    with tempfile.TemporaryDirectory() as folder:
        exact = str(Path(folder) / "exact.onnx")
        torch.onnx.export(
            Probabilities(model),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            exact,
            input_names=list(INPUTS),
            output_names=["probabilities"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            exact,
            out,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            extra_options={"MatMulConstBOnly": True},
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
