"""Writes the Parquet and Arrow fixtures with the column types that writers use, into tests/data/ingest.

Needs pyarrow; the files in the repository were written by version 26. Run it in the root of the repository.
"""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

HOME = "tests/data/ingest/"


def at(second, micro=0):
    return dt.datetime(2026, 1, 5, 10, second // 60, second % 60, micro)


def typed(text):
    """Ids as integers and decimals, categories, instants of another zone, views, nulls."""
    return pa.table({
        "conversation_id": pa.array([9007199254740993] * 3 + [9007199254740994], pa.int64()),
        "sequence": pa.array([1, 2, 3, 1], pa.int8()),
        "timestamp": pa.array([at(1), at(5), at(60), at(120)], pa.timestamp("us", tz="America/New_York")),
        "sender": pa.array(["customer", "bot", "customer", "agent"]).dictionary_encode(),
        "text": pa.array(["where is it", "please describe it", "a human please", None], text),
        "customer_id": pa.array([Decimal("123456789012345678"), None] * 2, pa.decimal128(20, 0)),
        "order_id": pa.array([18446744073709551615, None, 3, None], pa.uint64()),
        "channel": pa.array(["app", "app", None, "web"]).dictionary_encode(),
        "amount": pa.array([Decimal("12.50"), Decimal("-0.05"), None, None], pa.decimal128(10, 2)),
        "day": pa.array([dt.date(2026, 1, 5)] * 4, pa.date32()),
        "vip": pa.array([True, False, None, True]),
        "tags": pa.array([["a", "b"], None, [], ["c"]]),
        "stars": pa.array([5, None, 4, 1], pa.uint8()),
    })


def file_of(table, path, codec=None):
    options = pa.ipc.IpcWriteOptions(compression=codec)
    writer = pa.ipc.new_stream if path.endswith("s") else pa.ipc.new_file
    with writer(HOME + path, table.schema, options=options) as out:
        out.write_table(table)


pq.write_table(typed(pa.large_string()), HOME + "parquet/types.parquet")
pq.write_table(typed(pa.string()), HOME + "parquet/groups.parquet", row_group_size=1,
               compression="zstd", use_dictionary=False)
file_of(typed(pa.string_view()), "arrow/types.arrow")
file_of(typed(pa.large_string()), "arrow/packed.arrows", "lz4")

plain = {"发送方": pa.array(["客户", "机器人", "客服"]).dictionary_encode(),
         "内容": ["转人工", "请稍等", "您好"]}
day = pa.array([dt.date(2026, 1, 5)] * 3, pa.date32())
pq.write_table(pa.table({
    "会话ID": ["A"] * 3, "日期": day,
    "时间": pa.array([dt.time(18, 0, 1), dt.time(18, 0, 5), dt.time(18, 1)], pa.time64("us")), **plain,
}), HOME + "parquet/day_and_time.parquet")
pq.write_table(pa.table({"会话ID": ["A"] * 3, "日期": day, **plain}), HOME + "parquet/days.parquet")
pq.write_table(pa.table({
    "会话ID": pa.array([1.2345678901234568e17, 123.0, None]),
    "时间": pa.array([at(1), at(2, 250_000), at(3)], pa.timestamp("ns")), **plain,
}), HOME + "parquet/ids_as_floats.parquet")

odd = pa.table({"conversation_id": ["A"], "sender": ["customer"], "text": ["hello"],
                "odd": pa.array([Decimal("1.50")], pa.decimal256(50, 2))})
pq.write_table(odd, HOME + "bad/no_such_type.parquet")
file_of(odd, "bad/no_such_type_in_arrow.arrow")
