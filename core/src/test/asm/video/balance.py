#!/usr/bin/env python3
"""Makes the bytes of an image sum to zero, by the byte at offset 6, so that it is an option ROM.

usage: balance.py IMAGE [CHOICE]    CHOICE: what the byte at offset 5 becomes
"""
import pathlib
import sys

path = pathlib.Path(sys.argv[1])
image = bytearray(path.read_bytes())
if len(sys.argv) > 2:
    image[5] = int(sys.argv[2])
image[6] = (image[6] - sum(image)) % 256
path.write_bytes(image)
