#!/bin/sh
# Assembles the guest programs into the images that the tests run (NASM 2.15 or later).
# usage: build.sh [FOLDER]    FOLDER: where the images go; the test resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../resources/cpu}
mkdir -p "$folder"
for source in *.asm; do
    nasm -w-all -f bin -o "$folder/${source%.asm}.bin" "$source"
done
