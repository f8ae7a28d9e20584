"""Our program beside what a user would write today, on one file in one run: wall time, CPU, peak memory, ratios.

    python benches/compare.py LOG.csv [--runs 5] [--tohuman target/release/tohuman] [--threads N]

LOG.csv has the columns conversation_id, timestamp, sender, text, company, channel (`tohuman generate`
writes such a log, and so do the makers of other test logs). `pip install duckdb polars` for the peers; a peer
that is not installed is left out. The peers compute a part of what we measure: requests by one regular
expression, waits to the first agent message and, DuckDB alone, adjacent rephrasings by the Jaccard
similarity of character sets. They know no outcomes, no episodes, no chains and no fallbacks.

Programs take turns, so that a busy machine is busy for all; medians are printed. Not for Windows.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

ASKS = "人工|真人|human|agent|representative|real person"

DUCKDB = f"""
import sys, duckdb
log, threads = sys.argv[1], int(sys.argv[2])
db = duckdb.connect(config={{"threads": threads}})
print(db.execute('''
with rows as (select conversation_id, timestamp, sender, text, company, channel from read_csv($log)),
seen as (select *, sender = 'customer' and regexp_matches(text, '(?i){ASKS}') as asks,
    lag(text) over (partition by conversation_id, sender order by timestamp) as before from rows),
each_one as (select conversation_id, any_value(company) as company, any_value(channel) as channel,
    count(*) filter (asks) as requests, min(timestamp) filter (asks) as asked,
    min(timestamp) filter (sender = 'agent') as answered,
    count(*) filter (sender = 'customer' and not asks and before is not null and before <> text
        and jaccard(text, before) > 0.5) as rephrased
  from seen group by conversation_id)
select company, channel, count(*), sum(requests), count(*) filter (requests > 0),
  count(*) filter (requests > 0 and answered is null), sum(rephrased),
  quantile_cont(epoch(answered) - epoch(asked), [0.5, 0.9, 0.95]) filter (answered > asked)
from each_one group by all order by all''', {{"log": log}}).fetchall())
"""

PARSE = """
import sys, duckdb
db = duckdb.connect(config={"threads": int(sys.argv[2])})
print(db.execute('''select count(*), max(length(text)), max(epoch(timestamp)), max(conversation_id)
from read_csv($log)''', {"log": sys.argv[1]}).fetchall())
"""

POLARS = f"""
import sys, polars as pl
asks = (pl.col("sender") == "customer") & pl.col("text").str.contains("(?i){ASKS}")
each = pl.scan_csv(sys.argv[1], try_parse_dates=True).with_columns(asks=asks).group_by("conversation_id").agg(
    pl.col("company").first(), pl.col("channel").first(), requests=pl.col("asks").sum(),
    asked=pl.col("timestamp").filter(pl.col("asks")).min(),
    answered=pl.col("timestamp").filter(pl.col("sender") == "agent").min())
wait = (pl.col("answered") - pl.col("asked")).dt.total_seconds()
print(each.group_by("company", "channel").agg(
    pl.len(), requests=pl.col("requests").sum(), asking=(pl.col("requests") > 0).sum(),
    p50=wait.filter(wait > 0).quantile(0.5), p95=wait.filter(wait > 0).quantile(0.95),
).sort("company", "channel").collect(engine="streaming"))
"""


def timed(command, env):
    """Wall seconds, CPU seconds and peak memory (MiB) of a command; None where it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        print(error.decode(errors="replace").strip().splitlines()[-1:], file=sys.stderr)
        return None
    # Kibibytes on Linux, bytes on macOS.
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return wall, usage.ru_utime + usage.ru_stime, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tohuman", default="target/release/tohuman")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    threads = str(args.threads)
    env = {**os.environ, "POLARS_MAX_THREADS": threads}
    with tempfile.TemporaryDirectory() as folder:
        facts = os.path.join(folder, "facts.parquet")
        ours = [args.tohuman, "measure", args.log, "-q", "-o", facts, "--threads", threads]
        commands = {
            "tohuman measure": ours,
            "DuckDB SQL": [sys.executable, "-c", DUCKDB, args.log, threads],
            "DuckDB, parse alone": [sys.executable, "-c", PARSE, args.log, threads],
            "Polars script": [sys.executable, "-c", POLARS, args.log],
        }
        seen = {name: [] for name in commands}
        for _ in range(args.runs):
            for name, command in commands.items():
                if (figures := timed(command, env)) is not None:
                    seen[name].append(figures)
    median = {
        name: [statistics.median(column) for column in zip(*runs)] for name, runs in seen.items() if runs
    }
    base = median.get("DuckDB SQL", [None])[0]
    print(f"| {args.runs} runs, {threads} threads | wall s | CPU s | peak MiB | wall to DuckDB SQL |")
    print("|---|---:|---:|---:|---:|")
    for name, (wall, cpu, peak) in median.items():
        ratio = f"{wall / base:.2f}" if base else ""
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {peak:.0f} | {ratio} |")


main()
