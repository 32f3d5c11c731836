#!/bin/sh
# Runs the guest programs in QEMU and in Bochs and compares what they report with what the tests expect. Differences that
# are known stand in qemu.txt and bochs.txt, with what the manual says; any others are printed, and make the exit status 1.
set -u
cd "$(dirname "$0")"
images=../resources/cpu
settings=../../../../bench/src/main/resources/org/vitrine/bench/bochsrc
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
status=0

# Both peers' processors have PAE and NX: qemu64 without 64 bits, and Bochs's bx_generic, which Debian builds with 64 bits.
# The programs end QEMU with status 3.
qemu() {
    timeout 60 "${QEMU:-qemu-system-i386}" -machine pc -accel tcg -cpu qemu64,-lm,-syscall -m 16 -display none \
        -no-reboot -bios "$1" -debugcon "file:$folder/report" \
        -device isa-debug-exit,iobase=0xf4,iosize=4 2>"$folder/errors"
    [ $? -eq 3 ]
}

# Debian's Bochs has the debugger built in, which waits for a command, and tells where it is before the report and after.
# It doesn't end by SIGTERM.
bochs() {
    echo c >"$folder/commands"
    ROM=$1 BOCHS_LOG=$folder/errors timeout -s KILL 60 "${BOCHS:-bochs}" -q -f "$settings" -rc "$folder/commands" \
        </dev/null >"$folder/output" 2>&1
    sed -e '1,/^(0) \[0x0000fffffff0\]/d' -e '/^end$/q' "$folder/output" >"$folder/report"
    grep -q -x end "$folder/report"
}

compare() { # peer, program
    rm -f "$folder/report"
    if ! "$1" "$images/$2.bin"; then
        echo "$2: $1 did not come to the program's end"
        cat "$folder/errors"
        status=1
    fi
    touch "$folder/report"
    diff "$images/$2.txt" "$folder/report" >"$folder/differences"
    grep '^[<>]' "$folder/differences" | grep -v -x -F -f "$1.txt" >"$folder/unknown"
    echo "$2: $(wc -l <"$images/$2.txt") lines, $(grep -c '^<' "$folder/differences") differ in $1," \
        "$(wc -l <"$folder/unknown") of both sides' lines not known"
    if [ -s "$folder/unknown" ]; then
        cat "$folder/unknown"
        status=1
    fi
}

for expected in "$images"/*.txt; do
    name=$(basename "$expected" .txt)
    # QEMU's translator checks no limits.
    [ "$name" = limits ] || compare qemu "$name"
    compare bochs "$name"
done
exit $status
