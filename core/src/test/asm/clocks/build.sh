#!/bin/sh
# Assembles the guest program that measures the machine's clocks (NASM 2.15 or later).
# usage: build.sh [FOLDER]    FOLDER: where the image goes; the test resources without
set -eu
cd "$(dirname "$0")"
folder=${1:-../../resources/clocks}
mkdir -p "$folder"
nasm -w-all -f bin -o "$folder/clocks.bin" clocks.asm
