#!/bin/sh
# Records the vectors of X87VectorTest from this machine's processor (x86-64, GCC).
# usage: record.sh [SEED [FILE]]    FILE: where they go; the test resources without
set -eu
seed=${1:-20261}
file=${2:-$(dirname "$0")/../resources/cpu/x87.txt.gz}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
# The stack below the pointer is used by the calls into generated code.
gcc -O2 -Wall -Wextra -mno-red-zone -o "$folder/record-x87" "$(dirname "$0")/record-x87.c"
{
    sed -n 's/^model name[^:]*: /# processor /p' /proc/cpuinfo | head -n 1
    "$folder/record-x87" "$seed"
} | gzip -9 -n >"$file"
