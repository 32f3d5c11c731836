#!/bin/sh
# Records the vectors of X87VectorTest, SimdVectorTest and IntegerVectorTest from this machine's processor (x86-64, GCC with -m32; root,
# as those of integers lie at address 0).
# usage: record.sh x87|simd|integer|streams [SEED [FILE]]    FILE: where they go; the test resources without
set -eu
here=$(dirname "$0")
kind=$1
file=${3:-$here/../resources/cpu/$kind.txt.gz}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
case $kind in
x87 | simd)
    # The stack below the pointer is used by the calls into generated code.
    gcc -O2 -Wall -Wextra -mno-red-zone -o "$folder/record" "$here/record-$kind.c"
    set -- "${2:-20261}"
    ;;
integer | streams)
    # Address 0 is memory like any other.
    gcc -m32 -O2 -Wall -Wextra -Wno-array-bounds -Wno-stringop-overflow -Wno-nonnull -fno-delete-null-pointer-checks \
        -fno-pie -no-pie -o "$folder/record" "$here/record-integer.c"
    set -- "${2:-7}" "$here/integer-forms.txt" $(test "$kind" = streams && echo streams 3000 || echo 120)
    ;;
*)
    echo "record.sh: x87, simd, integer or streams, not $kind" >&2
    exit 2
    ;;
esac
{
    sed -n 's/^model name[^:]*: /# processor /p' /proc/cpuinfo | head -n 1
    "$folder/record" "$@"
} | gzip -9 -n >"$file"
