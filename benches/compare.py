"""Our program beside what a user would write today, on one file in one run: wall time, CPU, peak memory, ratios.

    pip install duckdb polars pandas rapidfuzz
    python benches/compare.py LOG.csv [--runs 5] [--parquet] [--tohuman target/release/tohuman] [--threads N]

LOG.csv has the columns conversation_id, timestamp, sender, text, company, channel (`tohuman generate`
writes such a log, and so do the makers of other test logs). `--parquet` adds the same rows as Parquet, written
by DuckDB beforehand, for us and for DuckDB. A peer that is not installed is left out.

The peers compute a part of what we measure: requests by one regular expression, waits to the first agent
message and adjacent rephrasings (DuckDB: Jaccard similarity of character sets; pandas: rapidfuzz; Polars
none). They know no outcomes, no episodes, no chains and no fallbacks.

Programs take turns, so that a busy machine is busy for all; medians are printed, and the range of the wall
times. Peak memory is the resident set, of the peers with their interpreter. Not for Windows.
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time

ASKS = "人工|真人|human|agent|representative|real person"

# Each peer gets the log, its kind (csv or parquet) and the number of threads.
SCAN = """
import sys, duckdb
log, kind, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = duckdb.connect(config={"threads": threads})
scan = {"csv": "read_csv($log)", "parquet": "read_parquet($log)"}[kind]
"""

DUCKDB = (
    SCAN
    + f"""
print(db.execute('''
with rows as (select conversation_id, timestamp, sender, text, company, channel from ''' + scan + '''),
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
)

PARSE = (
    SCAN
    + """
print(db.execute('select count(*), max(length(text)), max(epoch(timestamp)), max(conversation_id) from ' + scan,
    {"log": log}).fetchall())
"""
)

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

PANDAS = f"""
import sys, pandas as pd
from rapidfuzz.fuzz import ratio
log = pd.read_csv(sys.argv[1], usecols=["conversation_id", "timestamp", "sender", "text", "company", "channel"],
    keep_default_na=False)
log["timestamp"] = pd.to_datetime(log["timestamp"], format="ISO8601", utc=True)
log = log.sort_values(["conversation_id", "timestamp"], kind="stable", ignore_index=True)
customer = log["sender"] == "customer"
log["asks"] = customer & log["text"].str.contains("{ASKS}", case=False)
told = log.loc[customer & ~log["asks"], ["conversation_id", "text"]]
before = told.groupby("conversation_id")["text"].shift().fillna("")
again = [b != "" and b != t and ratio(b, t) > 60 for b, t in zip(before, told["text"])]
log["rephrased"] = pd.Series(again, index=told.index).reindex(log.index, fill_value=False)
log["asked"] = log["timestamp"].where(log["asks"])
log["answered"] = log["timestamp"].where(log["sender"] == "agent")
each = log.groupby("conversation_id", sort=False).agg(company=("company", "first"), channel=("channel", "first"),
    requests=("asks", "sum"), asked=("asked", "min"), answered=("answered", "min"), rephrased=("rephrased", "sum"))
each["wait"] = (each["answered"] - each["asked"]).dt.total_seconds().where(lambda s: s > 0)
each["asking"] = each["requests"] > 0
each["missed"] = each["asking"] & each["answered"].isna()
out = each.groupby(["company", "channel"])
print(out[["requests", "asking", "missed", "rephrased"]].sum(), out["wait"].quantile([0.5, 0.9, 0.95]))
"""

TO_PARQUET = """
import sys, duckdb
db = duckdb.connect()
db.execute("set timezone = 'UTC'")
db.execute(f"copy (select * from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}' (format parquet, compression zstd)")
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


def installed(*modules):
    return all(importlib.util.find_spec(module) for module in modules)


def commands(args, folder):
    """What is run, by name; each names the row that it is compared with."""
    threads = str(args.threads)

    def ours(log):
        facts = os.path.join(folder, "facts.parquet")
        return [args.tohuman, "measure", log, "-q", "-o", facts, "--threads", threads]

    def script(code, log, kind="csv"):
        return [sys.executable, "-c", code, log, kind, threads]

    out = {"tohuman measure": ours(args.log)}
    if installed("duckdb"):
        out["DuckDB SQL"] = script(DUCKDB, args.log)
        out["DuckDB, parse alone"] = script(PARSE, args.log)
    if installed("polars"):
        out["Polars script, without rephrasing"] = script(POLARS, args.log)
    if installed("pandas", "rapidfuzz"):
        out["pandas and rapidfuzz"] = script(PANDAS, args.log)
    if args.parquet and installed("duckdb"):
        rows = os.path.join(folder, "rows.parquet")
        subprocess.run([sys.executable, "-c", TO_PARQUET, args.log, rows], check=True, stdout=subprocess.DEVNULL)
        out["tohuman measure, Parquet"] = ours(rows)
        out["DuckDB SQL, Parquet"] = script(DUCKDB, rows, "parquet")
    return out


def table(seen, args):
    """The medians as Markdown."""
    median = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in seen.items() if runs}

    def ratio(name, base):
        return f"{median[name][0] / median[base][0]:.2f}" if base in median else ""

    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    yield f"{args.runs} runs, medians, {args.threads} threads; load at the end {load}"
    yield ""
    yield "| | wall s (from, to) | CPU s | peak MiB | wall to DuckDB SQL | to DuckDB SQL, Parquet |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, (wall, cpu, peak) in median.items():
        walls = [run[0] for run in seen[name]]
        yield (
            f"| {name} | {wall:.1f} ({min(walls):.1f}, {max(walls):.1f}) | {cpu:.1f} | {peak:.0f} "
            f"| {ratio(name, 'DuckDB SQL')} | {ratio(name, 'DuckDB SQL, Parquet')} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--parquet", action="store_true", help="the same rows as Parquet, too")
    parser.add_argument("--tohuman", default="target/release/tohuman")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", nargs="*", default=[], help="names (or beginnings) of rows to run")
    args = parser.parse_args()
    env = {**os.environ, "POLARS_MAX_THREADS": str(args.threads)}
    with tempfile.TemporaryDirectory() as folder:
        every = commands(args, folder)
        chosen = {n: c for n, c in every.items() if not args.only or n.startswith(tuple(args.only))}
        seen = {name: [] for name in chosen}
        for _ in range(args.runs):
            for name, command in chosen.items():
                if (figures := timed(command, env)) is not None:
                    seen[name].append(figures)
        missing = [name for name, runs in seen.items() if len(runs) < args.runs]
    print("\n".join(table(seen, args)))
    if missing:
        sys.exit(f"failed: {', '.join(missing)}")


main()
