#!/usr/bin/env python3
"""Facts of a log of any size on a Spark cluster: every executor runs the `tohuman` binary on its part.

    spark-submit tohuman_spark.py --binary tohuman --rows ROWS --facts FACTS -- --time-zone Asia/Shanghai

ROWS is what `tohuman convert -o rows.parquet` wrote: a file, a folder or a glob, on storage that all
machines see. FACTS is a folder that `tohuman report --facts FACTS` reads. What stands behind `--` goes
to `tohuman measure`. README.md beside this file says what is guarded and what was tried.

Needs pyspark 4 with pandas and pyarrow, on the driver and (pyarrow) on the executors.
"""
import argparse
import json
import os
import subprocess
import sys

SORTED_BY = ["conversation_id", "timestamp", "sequence"]
SURVEYED = ["sender", "event", "visibility", "time_precision"]
# From the finest to the coarsest.
FINENESS = ["milli", "second", "minute", "day"]


def say(line):
    print(f"tohuman_spark: {line}", file=sys.stderr, flush=True)


def ask(binary, *words):
    """What the binary prints; its error, if it fails, is ours."""
    done = subprocess.run([binary, "measure", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"tohuman_spark: {done.stderr.strip()}")
    return done.stdout


def shows(combinations, has_events):
    """What the log as a whole shows, for `--shows`: no part of it can tell by itself."""
    names, finest = [], -1
    system = has_events
    for row in combinations:
        speaks = row.get("event") in (None, "message") and row.get("visibility") != "private"
        system = system or row["sender"] == "system"
        for sender, name in (("bot", "bot_replies"), ("agent", "agent_messages")):
            if speaks and row["sender"] == sender and name not in names:
                names.append(name)
        if row.get("time_precision") in FINENESS:
            finest = max(finest, FINENESS.index(row["time_precision"]))
    if system:
        names += ["system_lines", "queue", "joins", "leaves", "closes"]
    if finest >= 0:
        names.append("times=" + FINENESS[finest])
    return ",".join(names) or "none"


def pipe_through(command, shipped, names):
    """The function that each partition runs. All that it needs is inside it, so that it travels to
    the executors whole, from whatever module it is called."""

    def facts(batches):
        import ctypes
        import queue
        import signal
        import subprocess
        import tempfile
        import threading

        import pyarrow as pa
        from pyspark import SparkFiles

        first = next((batch for batch in batches if batch.num_rows), None)
        if first is None:  # An empty partition has no schema to give to a child.
            return
        words = [SparkFiles.get(shipped[word]) if word in shipped else word for word in command]
        prctl = getattr(ctypes.CDLL(None), "prctl", None)

        def die_with_parent():
            if prctl is not None:
                prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, Linux alone; elsewhere stdin closes.

        errors = tempfile.TemporaryFile()
        child = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            preexec_fn=die_with_parent,
        )
        # The child's pipe is emptied by a thread, or both sides would wait for each other.
        made = queue.SimpleQueue()

        def drain():
            try:
                with pa.ipc.open_stream(child.stdout) as stream:
                    for batch in stream:
                        made.put(batch)
            except Exception as error:
                made.put(error)
            made.put(None)

        drained = threading.Thread(target=drain, daemon=True)
        drained.start()
        sent = counted = 0
        broken = None
        try:
            try:
                with pa.ipc.new_stream(child.stdin, first.schema) as writer:
                    batch = first
                    while batch is not None:
                        writer.write_batch(batch)
                        sent += batch.num_rows
                        while not made.empty():
                            facts = made.get()
                            if facts is None or isinstance(facts, Exception):
                                made.put(facts)
                                break
                            counted += sum_of(facts)
                            yield facts.select(names)  # Spark matches by place, not by name.
                        batch = next(batches, None)
                child.stdin.close()
            except OSError as error:  # It went away; why stands on its standard error.
                broken = error
            while True:
                facts = made.get()
                if facts is None:
                    break
                if isinstance(facts, Exception):
                    broken = broken or facts
                    continue
                counted += sum_of(facts)
                yield facts.select(names)
            code = child.wait()
            if code or broken:
                errors.seek(0, 2)
                errors.seek(max(0, errors.tell() - 4000))
                tail = errors.read().decode("utf-8", "replace").strip()
                raise RuntimeError(f"tohuman exited with {code}: {tail or broken}")
            if counted != sent:
                raise RuntimeError(f"tohuman counted {counted} rows of {sent}")
        finally:  # Also when the task is killed and the generator closed.
            if child.poll() is None:
                child.kill()
            child.wait()
            errors.close()

    def sum_of(batch):
        import pyarrow.compute as pc

        return pc.sum(batch.column("rows")).as_py() or 0

    return facts


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", required=True, help="what `tohuman convert` wrote (Parquet)")
    parser.add_argument("--facts", required=True, help="folder to write")
    parser.add_argument("--binary", required=True, help="tohuman, on the driver; it is shipped")
    parser.add_argument("--file", action="append", default=[], help="a lexicon, model, calendar or "
                        "key that the options name; it is shipped as well")
    parser.add_argument("--partitions", type=int, help="parts; about 4 for every core of the cluster")
    parser.add_argument("--overwrite", action="store_true", help="replace FACTS")
    parser.add_argument("options", nargs="*", help="behind --: options of `tohuman measure`")
    return parser.parse_args(words)


def named(options):
    """Columns of --by and --keep, in any way of writing them."""
    out = []
    for at, word in enumerate(options):
        flag, joined, value = word.partition("=")
        if flag in ("--by", "--keep"):
            value = value if joined else options[at + 1]
            out += [name for name in value.split(",") if name not in out]
    return out


def run(spark, args):
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    schema = json.loads(ask(args.binary, "--print-schema", "json", *args.options))
    ddl = ask(args.binary, "--print-schema", "spark-ddl", *args.options).strip()

    rows = spark.read.parquet(args.rows)
    known = [column["name"] for column in schema["rows"]] + named(args.options)
    rows = rows.select(*dict.fromkeys(name for name in known if name in rows.columns))
    surveyed = [name for name in SURVEYED if name in rows.columns]
    combinations = [row.asDict() for row in rows.groupBy(*surveyed).count().collect()]
    total = sum(row["count"] for row in combinations)
    shown = shows(combinations, "event" in rows.columns)
    say(f"{total} rows; the log shows {shown}")

    stream = ["--input-format", "arrow-stream", "--shows", shown, *args.options]
    header = json.loads(ask(args.binary, *stream, "--print-header", args.rows))
    header["inputs"][0]["rows_read"] = total

    shipped = {}
    for path in [args.binary, *args.file]:
        spark.sparkContext.addFile(path)
        shipped[path] = os.path.basename(path)
    command = [args.binary, "measure", *stream, "--quiet", "-", "-o", "-"]
    names = [column["name"] for column in schema["facts"]]
    partitions = args.partitions or 4 * spark.sparkContext.defaultParallelism
    order = [name for name in SORTED_BY if name in rows.columns]
    facts = (
        rows.repartition(partitions, "conversation_id")
        .sortWithinPartitions(*order)
        .mapInArrow(pipe_through(command, shipped, names), ddl)
    )
    facts.write.mode("overwrite" if args.overwrite else "errorifexists").parquet(args.facts)
    # The header comes last: a folder without it is a job that did not end.
    write(spark, args.facts.rstrip("/") + "/_facts.json", json.dumps(header, ensure_ascii=False, indent=1))
    say(f"wrote {args.facts}")


def write(spark, path, text):
    """A small file where the facts are, whatever storage that is."""
    jvm = spark.sparkContext._jvm
    target = jvm.org.apache.hadoop.fs.Path(path)
    storage = target.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    out = storage.create(target, True)
    out.write(bytearray(text.encode("utf-8")))
    out.close()


if __name__ == "__main__":
    from pyspark.sql import SparkSession

    session = SparkSession.builder.appName("tohuman").getOrCreate()
    try:
        run(session, arguments(sys.argv[1:]))
    finally:
        session.stop()
