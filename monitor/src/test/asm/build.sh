#!/bin/sh
# Assembles the guest programs of the monitor's tests (NASM 2.15 or later).
# usage: build.sh [FOLDER]    FOLDER: where the images go; the tests' resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../resources/org/vitrine/monitor/plugin}
mkdir -p "$folder"
for source in *.asm; do
    nasm -f bin -o "$folder/${source%.asm}.bin" "$source"
done
