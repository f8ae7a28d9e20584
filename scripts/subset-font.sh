#!/bin/sh
# Rebuilds the fonts in assets/fonts, which PNG charts are lettered with.
#
# usage: scripts/subset-font.sh DroidSansFallbackFull.ttf OpenSans-Regular.ttf OpenSans-Semibold.ttf
#
# The files are those of the Debian packages fonts-droid-fallback and fonts-open-sans, both
# Apache-2.0. Needs python3 and fonttools (pyftsubset).
#
# Kept of Droid Sans Fallback: GB 2312 (6,763 Han of levels 1 and 2 and its signs) and level 1 of
# Big5 (5,401 Han of traditional writing). Kept of Open Sans: Latin, Greek, Cyrillic, punctuation.
# A character outside them is drawn as an empty box, in PNG only: SVG and HTML use the reader's
# own fonts.
set -eu
[ $# -eq 3 ] || { sed -n 's/^# usage/usage/p' "$0" >&2; exit 2; }
out=$(cd "$(dirname "$0")/.." && pwd)/assets/fonts
list=$(mktemp)
trap 'rm -f "$list"' EXIT
python3 - > "$list" <<'PY'
points = set(range(0x3000, 0x3020)) | set(range(0xFF01, 0xFF5F)) | {0xFFE5}
def every(codec, leads):
    for lead in leads:
        for trail in range(0x40, 0xFF):
            try:
                points.update(map(ord, bytes([lead, trail]).decode(codec)))
            except UnicodeDecodeError:
                pass
every("gb2312", range(0xA1, 0xF8))
every("big5", range(0xA4, 0xC7))
print(" ".join(f"U+{p:04X}" for p in sorted(points)))
PY
subset() {
    pyftsubset "$1" --output-file="$out/$2" --no-hinting --layout-features= \
        --name-IDs='0,1,2,3,4,5,6,7,13,14' --notdef-outline --no-recalc-timestamp \
        --drop-tables+=GSUB,GPOS,GDEF,vhea,vmtx,gasp,kern "$3"
}
subset "$1" DroidSansFallback-subset.ttf "--unicodes-file=$list"
latin=U+0020-024F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,U+2010-203A,U+20AC,U+2122,U+2190-2193
latin=$latin,U+2212,U+2260,U+2264,U+2265,U+FFFD
subset "$2" OpenSans-Regular-subset.ttf "--unicodes=$latin"
subset "$3" OpenSans-Semibold-subset.ttf "--unicodes=$latin"
