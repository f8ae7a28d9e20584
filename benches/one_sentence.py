"""The log with one sentence, in each language, in place of all that customers tell: hardly a text is read anew, so that what
`measure` takes is the rest (reading, sorting, assembling, comparing, facts).

    python benches/one_sentence.py LOG.csv OUT.csv
"""

import csv
import sys

ZH = "我的手机壳一直没有发货是怎么回事,昨天今天都没有"
EN = "already today my phone case has not arrived yet, what"

with open(sys.argv[1], encoding="utf-8") as log, open(sys.argv[2], "w", newline="", encoding="utf-8") as out:
    rows, writer = csv.reader(log), csv.writer(out)
    header = next(rows)
    writer.writerow(header)
    sender, text = header.index("sender"), header.index("text")
    for row in rows:
        # Shorter ones are requests.
        if row[sender] == "customer" and len(row[text]) > 6:
            row[text] = ZH if any("\u4e00" <= c <= "\u9fff" for c in row[text]) else EN
        writer.writerow(row)
