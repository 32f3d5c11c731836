"""usage: scanout.py DISPLAY PREFIX

Takes the picture of a guest that stands still from its surface and, by the direct scan-out, from its memory; says whether the two are
the same. Ends with 1 when they are not, and with 2 when there is no direct scan-out.
"""

import mmap
import struct
import sys
import vitrine_display

SURFACE_SCANOUT_FORMAT = 0x48
XRGB8888 = 1

display = vitrine_display.Display(sys.argv[1])
frame = display.read()
latest = display.words[vitrine_display.DISPLAY_OFFSET // 8]
surface = vitrine_display.SURFACES_OFFSET + (latest & 3) * vitrine_display.SURFACE_SIZE
pixel_format, stride, offset, name = struct.unpack_from("<IIQ16s", display.map, surface + SURFACE_SCANOUT_FORMAT)
if pixel_format != XRGB8888:
    sys.exit(2)
with open(sys.argv[2] + "." + name.rstrip(b"\0").decode("ascii"), "rb") as file:
    memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
line = frame.width * 4
picture = b"".join(memory[offset + y * stride:offset + y * stride + line] for y in range(frame.height))
print(f"{frame.width}x{frame.height} at {offset:#x}, {stride} bytes a line, first pixel {picture[:3].hex()}")
same = all(picture[i::4] == frame.pixels[i::4] for i in range(3))
sys.exit(0 if same and display.generation() == frame.generation else 1)
