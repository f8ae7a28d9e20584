#!/usr/bin/env bash
# A nightly run with --cache against a full one: bash benches/cache.sh PROGRAM [DAYS] [CONVERSATIONS_A_DAY]
# Invented logs with ids of their own for each day; prints wall and user seconds, and compares the reports.
set -euo pipefail
program=$(realpath "$1")
days=${2:-30}
each=${3:-5000}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
mkdir logs
TIMEFORMAT='%R s wall, %U s user'
for day in $(seq -w 1 $((10#$days + 1))); do
  "$program" generate --conversations "$each" --seed $((10#$day)) -o - 2>/dev/null |
    sed "2,\$s/^/d$day-/" > "logs/day$day.csv"
done
touch -d '1 day ago' logs/*
mv "logs/day$day.csv" .
echo "full, no cache:";        time "$program" report logs --out full -q
echo "cold cache:";            time "$program" report logs --cache kept --out with -q
echo "warm, nothing new:";     time "$program" report logs --cache kept --out with
diff -r -x manifest.json full with
mv "day$day.csv" logs/
echo "nightly, one new day:";  time "$program" report logs --cache kept --out with
echo "full, with the new day:"; time "$program" report logs --out full -q
diff -r -x manifest.json full with
du -sh logs kept
