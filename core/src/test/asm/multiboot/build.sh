#!/bin/sh
# Assembles the Multiboot kernels that the tests start (NASM 2.15 or later).
# usage: build.sh [FOLDER]    FOLDER: where the images go; the test resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../../resources/multiboot}
mkdir -p "$folder"
for source in *.asm; do
    nasm -w-all -f bin -o "$folder/${source%.asm}.bin" "$source"
done
