"""This file trains the cross-encoder that ships as `grading/inference.onnx`. `README.md` says what it needs.

`python training/cross_encoder.py MINILM WEIGHTS STEPS LAYERS [START]` trains the lowest LAYERS of the sentence model in
the folder MINILM for STEPS batches of 32, from the WEIGHTS in START where given, and reports after each epoch.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from examples import DENIES, SAYS, Example, draw, questions, windows
from sklearn.metrics import roc_auc_score
from torch import nn
from transformers import AutoModel, AutoTokenizer

BATCH, LONGEST, RATE, WARM = 32, 128, 1e-4, 0.04
"""Pairs of a step, word pieces of a pair, the highest learning rate, and the share of steps in which it rises."""


class CrossEncoder(nn.Module):
    """A BERT encoder over both texts, and a head on [CLS] and the mean that tells the four relations."""

    def __init__(self, base: str, layers: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False)
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        size = self.encoder.config.hidden_size
        self.head = nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, 4))

    def forward(self, texts: dict[str, torch.Tensor]) -> torch.Tensor:
        hidden = self.encoder(**texts).last_hidden_state
        mask = texts["attention_mask"].unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        result: torch.Tensor = self.head(torch.cat([hidden[:, 0], mean], -1))
        return result


def batches(
    tokeniser: Any, examples: Sequence[Example], size: int, seed: random.Random
) -> Iterator[tuple[list[int], dict[str, torch.Tensor]]]:
    """Yield batches of pairs of like length, in random order, with the places of their examples."""
    read = tokeniser(
        [each.statement for each in examples],
        [each.stretch for each in examples],
        truncation="longest_first",
        max_length=LONGEST,
    )
    places = list(range(len(examples)))
    seed.shuffle(places)
    chosen: list[list[int]] = []
    for begin in range(0, len(places), size * 50):
        part = sorted(places[begin : begin + size * 50], key=lambda place: len(read["input_ids"][place]))
        chosen += [part[at : at + size] for at in range(0, len(part), size)]
    seed.shuffle(chosen)
    for batch in chosen:
        yield batch, tokeniser.pad({name: [row[at] for at in batch] for name, row in read.items()}, return_tensors="pt")


def report(model: CrossEncoder, tokeniser: Any) -> None:
    """Print how well contradictions and statements that were made are told apart on the questions held out."""
    found, seed = questions(held_out=True), random.Random(5)
    facts = [fact for question in found for fact in question["facts"]]
    single = [Example(fact["fact"], text, SAYS) for fact in facts for text in fact["yes"]]
    single += [Example(fact["fact"], text, DENIES) for fact in facts for text in fact["no"]]
    spoken = [each for question in found for answer in question["answers"] for each in windows(question, answer, seed)]
    model.eval()
    for name, examples in (("sentences", single), ("stretches of answers", spoken)):
        told = np.zeros((len(examples), 4))
        with torch.no_grad():
            for places, texts in batches(tokeniser, examples, 64, seed):
                told[places] = model(texts).softmax(-1).numpy()
        labels = np.array([each.label for each in examples])
        sides = (labels == SAYS) | (labels == DENIES)
        contrary = roc_auc_score(labels[sides] == DENIES, (told[:, DENIES] - told[:, SAYS])[sides])
        print(f"  {name}: right {np.mean(told.argmax(1) == labels):.3f}, AUC contradiction {contrary:.3f}", flush=True)
    model.train()


def main(base: str, out: str, steps: int, layers: int, start: str = "") -> None:
    """Train and keep the weights after each epoch."""
    torch.manual_seed(1)
    seed, tokeniser = random.Random(1), AutoTokenizer.from_pretrained(base)
    model = CrossEncoder(base, layers)
    if start:
        lower = {name: value for name, value in torch.load(start).items() if not name.startswith("head")}
        model.load_state_dict(lower, strict=False)
    model.encoder.embeddings.requires_grad_(False)
    body = [each for each in model.encoder.parameters() if each.requires_grad]
    groups = [{"params": body, "lr": RATE}, {"params": model.head.parameters(), "lr": 5 * RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (WARM * steps)) * max(0.02, 1 - step / steps)
    )
    step = 0
    while step < steps:
        examples = draw(questions(held_out=False), seed)
        for places, texts in batches(tokeniser, examples, BATCH, seed):
            labels = torch.tensor([examples[place].label for place in places])
            loss = nn.functional.cross_entropy(model(texts), labels, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rate.step()
            step += 1
            if step >= steps:
                break
        print(f"step {step} of {steps}", flush=True)
        report(model, tokeniser)
        torch.save(model.state_dict(), out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:6])
