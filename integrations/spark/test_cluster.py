#!/usr/bin/env python3
"""Proves the job on a real standalone cluster of two workers on this machine (Linux, Java 17).

    python -m venv v && v/bin/pip install pyspark pyarrow 'pandas<3' numpy
    v/bin/python test_cluster.py --binary ../../target/release/tohuman --work /tmp/cluster

Invents a log of two million rows in random order: many short conversations, three giant ones in two of
which a human answers from the middle on, in one of them with no text twice; tied times, texts with tabs, quotes and line ends. Then, each time against the facts of one machine:
an undisturbed run; a run in which an executor is killed; a run over a row that cannot be used, whose
error must reach the driver. In the end no process may be left. Exits 1 at the first thing that fails.
"""
import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import same_facts

HERE = pathlib.Path(__file__).resolve().parent
GIANTS = [150_000, 40_000, 25_000]
ASK = ["转人工", "我要找人工客服", "talk to a human please", "人工！人工！", "agent please"]
TOPICS = ["包裹", "退款", "发票", "优惠券", "会员", "refund", "parcel", "invoice", "login", "address"]
FRAMES = [
    "我的{0}到底怎么回事", "{0}有问题，帮我看看", "请问{0}怎么处理？", "{0}还没有解决\n急",
    "where is my {0}\tplease", "my {0} is \"wrong\"", "what about the {0}, then", "{0} \\N 不对",
]
BOT = ["请您描述一下遇到的问题", "抱歉，我没有理解您的意思", "Please choose one of the options", "为您查询{0}中"]
AGENT = ["您好，我来帮您看{0}", "Hello, let me check the {0}", "已经为您处理{0}"]


def pick(random, texts, n):
    filled = [t.format(topic) for t in texts for topic in TOPICS]
    return np.array(filled, dtype=object)[random.integers(0, len(filled), n)]


def lengths_of(random, rows, giants):
    lengths = list(giants)
    short = random.integers(4, 17, rows // 8)
    return np.concatenate([lengths, short[: np.searchsorted(np.cumsum(short), rows - sum(lengths))]])


def invent(path, rows, giants, seed=7):
    """Writes the rows as `convert` does, shuffled."""
    random = np.random.default_rng(seed)
    lengths = lengths_of(random, rows, giants)
    n = int(lengths.sum())
    conversation = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.cumsum(lengths) - lengths
    at = np.arange(n) - np.repeat(starts, lengths)
    # One step in forty takes no time; a giant goes on for weeks without a gap of two days.
    step = random.integers(1, 40, n) * (random.random(n) > 1 / 40)
    step[starts] = 0
    elapsed = np.cumsum(step)
    elapsed -= np.repeat(elapsed[starts], lengths)
    begin = 1_767_225_600 + random.integers(0, 86_400 * 28, len(lengths))
    micros = (np.repeat(begin, lengths) + elapsed) * 1_000_000
    draw = random.random(n)
    # A human comes in four of ten, and in every giant but the last.
    human = np.where(random.random(len(lengths)) < 0.4, lengths // 2, 1 << 40)
    human[: len(giants)] = lengths[: len(giants)] // 2
    human[max(len(giants) - 1, 0) : len(giants)] = 1 << 40
    human_from = np.repeat(human, lengths)
    desk = np.where(at >= human_from, "agent", "bot")
    sender = np.where(at % 2 == 0, "customer", desk).astype(object)
    event = np.full(n, "message", dtype=object)
    joined = at == human_from
    sender[joined], event[joined] = "system", "agent_joined"
    asks = (sender == "customer") & (draw < 0.15)
    text = pick(random, FRAMES, n)
    text[asks] = np.array(ASK, dtype=object)[random.integers(0, len(ASK), n)][asks]
    text[sender == "bot"] = pick(random, BOT, n)[sender == "bot"]
    text[sender == "agent"] = pick(random, AGENT, n)[sender == "agent"]
    # Nobody says anything twice in the second giant.
    second = conversation == 1 if len(giants) > 1 else np.zeros(n, dtype=bool)
    text[second] += np.char.mod(" 第%d项", at[second]).astype(object)
    text[joined] = ""
    order = random.permutation(n)
    ids = np.array([f"c-{i:07d}" for i in range(len(lengths))], dtype=object)
    table = pa.table({
        "conversation_id": pa.array(ids[conversation][order]),
        "sequence": pa.array((at + 1)[order]),
        "timestamp": pa.array(micros[order], pa.timestamp("us", "UTC")),
        "time_precision": pa.array(["second"] * n),
        "sender": pa.array(sender[order]),
        "event": pa.array(event[order]),
        "text": pa.array(text[order]),
        "customer_id": pa.array(np.char.add("k", (conversation % 50_000).astype(str))[order]),
        "source_file": pa.array(["rows.parquet"] * n),
        "source_row": pa.array(np.arange(1, n + 1)),
    })
    pq.write_table(table, path, row_group_size=250_000)
    return n, len(lengths)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processes(*needles):
    """Ids of the processes whose command line holds all of these."""
    out = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if all(needle in words for needle in needles):
                out.append(int(entry.name))
    return out


def parent(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


class Cluster:
    """A master and two workers of one core each."""

    def __init__(self, work):
        self.work = work
        self.master = f"spark://127.0.0.1:{free_port()}"
        web = free_port()
        self.env = dict(
            os.environ,
            PYSPARK_PYTHON=sys.executable,
            SPARK_LOCAL_IP="127.0.0.1",
            SPARK_HOME=str(pathlib.Path(__import__("pyspark").__file__).parent),
            PYTHONPATH=str(HERE),
        )
        port = self.master.rsplit(":", 1)[1]
        kind = "org.apache.spark.deploy."
        here = ["--host", "127.0.0.1", "--webui-port"]
        self.started = [self.start("master", kind + "master.Master", *here, web, "--port", port)]
        for n in (1, 2):
            folder = work / f"w{n}"
            self.started.append(self.start(
                f"worker{n}", kind + "worker.Worker", *here, free_port(), "--cores", 1,
                "--memory", "2g", "--work-dir", folder, self.master,
            ))
        for _ in range(120):
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{web}/json/", timeout=5).read()
                if page.count(b'"ALIVE"') >= 3:
                    return
            except OSError:
                pass
            time.sleep(1)
        sys.exit("the cluster did not come up; see " + str(work))

    def start(self, name, *words):
        log = open(self.work / f"{name}.log", "wb")
        words = [self.env["SPARK_HOME"] + "/bin/spark-class", *map(str, words)]
        return subprocess.Popen(words, stdout=log, stderr=log, env=self.env)

    def submit(self, name, binary, rows, facts, partitions=16):
        self.log = self.work / f"{name}.log"
        words = [
            self.env["SPARK_HOME"] + "/bin/spark-submit", "--master", self.master,
            "--executor-memory", "1g", str(HERE / "tohuman_spark.py"), "--binary", str(binary),
            "--rows", str(rows), "--facts", str(facts), "--partitions", str(partitions),
        ]
        log = open(self.log, "wb")
        return subprocess.Popen(words, stdout=log, stderr=log, env=self.env)

    def stop(self):
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            process.wait(30)


def expect(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)


def timed(what, job):
    begin = time.time()
    code = job()
    print(f"{what}: {time.time() - begin:.1f} s", flush=True)
    return code


def kill_an_executor(cluster, job, needle):
    """Waits until children work on their third part, then kills the executor of one."""
    seen = set()
    while job.poll() is None:
        children = processes(*needle)
        seen.update(children)
        if len(seen) >= 4 and children:
            pid = children[0]
            while pid and pid not in processes("CoarseGrainedExecutorBackend"):
                pid = parent(pid)
            if pid:
                family = [c for c in children if has_ancestor(c, pid)]
                os.kill(pid, signal.SIGKILL)
                deadline = time.time() + 15
                while any(os.path.exists(f"/proc/{c}") for c in family) and time.time() < deadline:
                    time.sleep(0.2)
                return family, [c for c in family if os.path.exists(f"/proc/{c}")]
        time.sleep(0.05)
    sys.exit("FAILED: the job ended before an executor could be killed")


def has_ancestor(pid, ancestor):
    while pid:
        pid = parent(pid)
        if pid == ancestor:
            return True
    return False


def same(one, facts):
    found = same_facts.differences(one, same_facts.read(facts))
    for line in found:
        print(line[:2000])
    return not found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path, help="an empty or new folder")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--giants", type=int, nargs="*", default=GIANTS)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    work = args.work.resolve()
    binary = work / "tohuman"
    shutil.copy(args.binary, binary)
    # What the children on executors are called: the shipped copy lies in a worker's folder.
    needle = (f"{work}/w", "measure --input-format arrow-stream")
    rows = work / "rows.parquet"
    n, conversations = invent(rows, args.rows, args.giants)
    print(f"{n} rows, {conversations} conversations, giants of {args.giants}", flush=True)
    alone = [binary, "measure", "rows.parquet", "-o", "one", "-q"]
    expect(timed("one machine", lambda: subprocess.call(alone, cwd=work)) == 0, "one machine measures")
    one = same_facts.read(work / "one")
    expect(one.num_rows >= conversations, "no conversation is missing")

    cluster = Cluster(work)
    try:
        code = timed("cluster", lambda: cluster.submit("plain", binary, rows, work / "plain").wait())
        expect(code == 0, "the job ends well")
        expect(same(one, work / "plain"), "facts of the cluster are those of one machine")
        for name, facts in (("r1", "one"), ("r2", "plain")):
            subprocess.check_call([binary, "report", "--facts", facts, "-o", name, "-q", "--fail-on",
                                   "refused > 100%"], cwd=work)
        for name in ("conversations.csv", "findings.csv", "problems.csv"):
            expect((work / "r1" / name).read_bytes() == (work / "r2" / name).read_bytes(),
                   f"{name} of both reports are the same bytes")

        begin = time.time()
        job = cluster.submit("killed", binary, rows, work / "killed")
        family, left = kill_an_executor(cluster, job, needle)
        expect(family and not left, f"the killed executor's {len(family)} children are gone")
        expect(job.wait() == 0, "the job ends well without the executor")
        print(f"cluster, an executor killed: {time.time() - begin:.1f} s")
        log = cluster.log.read_text("utf-8", "replace")
        expect("ExecutorLostFailure" in log or "Lost executor" in log, "Spark tells that it was lost")
        expect(same(one, work / "killed"), "facts are the same after the loss")

        bad = pq.read_table(rows).slice(0, 20_000)
        senders = bad["sender"].to_pylist()
        at = next(i for i, e in enumerate(bad["event"].to_pylist()) if i > 700 and e == "message")
        senders[at] = None
        bad = bad.set_column(bad.column_names.index("sender"), "sender", pa.array(senders))
        pq.write_table(bad, work / "bad.parquet")
        code = timed("cluster, a bad row", lambda: cluster.submit(
            "bad", binary, work / "bad.parquet", work / "bad", 4).wait())
        log = cluster.log.read_text("utf-8", "replace")
        expect(code != 0, "a bad row stops the job")
        expect("no-sender in conversation" in log and f"row {at + 1} of" in log, "its error names the row")
        expect(not (work / "bad" / "_facts.json").exists(), "no header is written")
        time.sleep(3)
        expect(not processes(*needle), "no child is left")
    finally:
        cluster.stop()
    time.sleep(2)
    expect(not processes(f"{work}/"), "no process is left")


if __name__ == "__main__":
    main()
