#!/bin/sh
# Assembles the video programs into the images that the tests run (NASM 2.15 or later, Python 3).
# usage: build.sh [FOLDER]    FOLDER: where the images go; the test resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../../resources/video}
mkdir -p "$folder"
for source in *.asm; do
    image=$folder/${source%.asm}.bin
    nasm -w-all -f bin -o "$image" "$source"
    python3 balance.py "$image"
done
