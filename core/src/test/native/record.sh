#!/bin/sh
# Records the vectors of X87VectorTest and SimdVectorTest from this machine's processor (x86-64, GCC).
# usage: record.sh x87|simd [SEED [FILE]]    FILE: where they go; the test resources without
set -eu
case ${1:-} in
    x87 | simd) ;;
    *)
        echo "usage: record.sh x87|simd [SEED [FILE]]" >&2
        exit 2
        ;;
esac
kind=$1
seed=${2:-20261}
file=${3:-$(dirname "$0")/../resources/cpu/$kind.txt.gz}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
# The stack below the pointer is used by the calls into generated code.
gcc -O2 -Wall -Wextra -mno-red-zone -o "$folder/record" "$(dirname "$0")/record-$kind.c"
{
    sed -n 's/^model name[^:]*: /# processor /p' /proc/cpuinfo | head -n 1
    "$folder/record" "$seed"
} | gzip -9 -n >"$file"
