#!/bin/sh
# Runs the guest programs in QEMU and compares what they report with what the tests expect. Differences that are known
# stand in qemu.txt, with what the manual says; any others are printed, and make the exit status 1.
set -u
cd "$(dirname "$0")"
images=../resources/cpu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
status=0
for expected in "$images"/*.txt; do
    name=$(basename "$expected" .txt)
    if [ "$name" = limits ]; then
        echo "$name: left out, as QEMU's translator checks no limits"
        continue
    fi
    timeout 60 "${QEMU:-qemu-system-i386}" -machine pc -accel tcg -cpu qemu64,-lm,-syscall -m 16 -display none \
        -no-reboot -bios "$images/$name.bin" -debugcon "file:$folder/report" \
        -device isa-debug-exit,iobase=0xf4,iosize=4 2>"$folder/errors"
    if [ $? -ne 3 ]; then
        echo "$name: QEMU did not come to the program's end"
        cat "$folder/errors"
        status=1
    fi
    diff "$expected" "$folder/report" >"$folder/$name"
    grep '^[<>]' "$folder/$name" | grep -v -x -F -f qemu.txt >"$folder/unknown"
    echo "$name: $(wc -l <"$expected") lines, $(grep -c '^<' "$folder/$name") differ," \
        "$(wc -l <"$folder/unknown") of both sides' lines not known"
    if [ -s "$folder/unknown" ]; then
        cat "$folder/unknown"
        status=1
    fi
done
exit $status
