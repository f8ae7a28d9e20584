"""Are the facts of a cluster those of one machine? Compares every column of every conversation.

    python same_facts.py ONE_MACHINE CLUSTER

Each is a folder of facts, a Parquet file or an Arrow stream (.arrows). Columns that only the cluster
writes (rows, problems, made_with) are left out; hashes are compared bit by bit, for engines without
unsigned numbers write them signed.
"""
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

ONLY_CLUSTER = {"rows", "problems", "made_with"}


def read(path):
    path = pathlib.Path(path)
    if path.suffix == ".arrows":
        with open(path, "rb") as source:
            return pa.ipc.open_stream(source).read_all()
    files = [path]
    if path.is_dir():
        files = [f for f in sorted(path.glob("*.parquet")) if not f.name.startswith(("_", "."))]
    return ds.dataset([str(f) for f in files], format="parquet").to_table()


def plain(kind):
    """The type that both sides can be cast to."""
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC")
    if pa.types.is_unsigned_integer(kind):
        return pa.int64()
    if pa.types.is_string_view(kind) or pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(f.name, plain(f.type)) for f in kind])
    return kind


def cast(column):
    array = column.combine_chunks()
    if pa.types.is_uint64(array.type):
        return array.view(pa.int64())
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        if pa.types.is_uint64(array.type.value_type):
            offsets = array.offsets.cast(pa.int32())
            return pa.ListArray.from_arrays(offsets, array.values.view(pa.int64()))
    return array.cast(plain(array.type), safe=False)


def ordered(table):
    """Plain columns, conversations by id."""
    table = pa.table({name: cast(table[name]) for name in table.column_names})
    return table.take(pc.sort_indices(table["conversation_id"]))


def differences(one, cluster):
    """What differs, the first of each column; empty if nothing does."""
    missing = set(one.column_names) ^ (set(cluster.column_names) - ONLY_CLUSTER)
    if missing:
        return [f"columns {sorted(missing)}"]
    if one.num_rows != cluster.num_rows:
        return [f"rows: {one.num_rows} and {cluster.num_rows}"]
    one, cluster = ordered(one), ordered(cluster)
    out = []
    for name in one.column_names:
        a, b = one[name].combine_chunks(), cluster[name].combine_chunks()
        if a.equals(b):
            continue
        at = next((i for i in range(len(a)) if a[i] != b[i]), None)
        if at is not None:
            out.append(f"{name} of {one['conversation_id'][at]}: {a[at]} and {b[at]}")
    return out


if __name__ == "__main__":
    one, cluster = read(sys.argv[1]), read(sys.argv[2])
    found = differences(one, cluster)
    print("\n".join(found) or f"IDENTICAL: {one.num_rows} conversations, {one.num_columns} columns")
    sys.exit(bool(found))
