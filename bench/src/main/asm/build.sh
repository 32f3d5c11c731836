#!/bin/sh
# Assembles the benchmarks' guest programs (NASM 2.15 or later).
# usage: build.sh [FOLDER]    FOLDER: where the images go; the resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../resources/org/vitrine/bench}
mkdir -p "$folder"
for source in *.asm; do
    nasm -f bin -o "$folder/${source%.asm}.bin" "$source"
done
