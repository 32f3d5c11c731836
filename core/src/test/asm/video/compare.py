#!/usr/bin/env python3
"""Runs the video programs in QEMU and compares its screen with the golden pictures, pixel for pixel.

The last column of pictures.csv says what to expect: "same"; or how many bits of each component are compared, since QEMU
makes eight of the DAC's six bits, and of 15-bit colors' five, without filling the lowest ones (63 becomes 255, 42 becomes
168 and not 170); or what differs and why. Anything else makes the exit status 1, and so does a known difference that is
no more. QEMU boots the images as disks, with its own system BIOS and our VGA BIOS.

usage: compare.py [--keep FOLDER] [PICTURE...]    FOLDER: where QEMU's pictures go
"""
import argparse
import csv
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "../../resources/video"
GOLDENS = HERE / "../../resources/org/vitrine/core/machine"
VGA_BIOS = HERE / "../../../../../firmware/src/main/resources/org/vitrine/firmware/vitrine-vgabios.bin"
DEADLINE = 120  # seconds, for each picture


def wait(what, process, condition):
    end = time.monotonic() + DEADLINE
    while not (result := condition()):
        if process.poll() is not None:
            raise SystemExit(f"QEMU ended with status {process.returncode} before {what}")
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come in {DEADLINE} s")
        time.sleep(0.02)
    return result


def connect(path):
    try:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(path))
        return connection
    except OSError:
        return None


def run(program, choice, work):
    """What the program reports, and the picture: width, height, RGB."""
    image = bytearray((PROGRAMS / f"{program}.bin").read_bytes())
    image[5] = choice
    disk, report, monitor, shot = (work / name for name in ("disk", "report", "qmp", "shot.ppm"))
    for path in (report, monitor, shot):
        path.unlink(missing_ok=True)
    disk.write_bytes(image.ljust(1 << 20, b"\0"))
    process = subprocess.Popen(
        [os.environ.get("QEMU", "qemu-system-i386"), "-machine", "pc", "-accel", "tcg", "-m", "16", "-nodefaults",
         "-display", "none", "-vga", "none", "-device", f"VGA,romfile={VGA_BIOS},vgamem_mb=16",
         "-drive", f"file={disk},format=raw,if=ide", "-debugcon", f"file:{report}",
         "-qmp", f"unix:{monitor},server=on,wait=off"],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        stream = wait("QEMU's monitor", process, lambda: connect(monitor)).makefile("rw")
        stream.readline()

        def qmp(command, **arguments):
            stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            stream.flush()
            while "return" not in (answer := json.loads(stream.readline())):
                if "error" in answer:
                    raise SystemExit(f"{command}: {answer['error']['desc']}")

        qmp("qmp_capabilities")
        wait("'ready'", process, lambda: report.exists() and b"ready\n" in report.read_bytes())
        qmp("screendump", filename=str(shot))
        return report.read_text("latin-1").split("ready\n")[0], read_ppm(shot.read_bytes())
    finally:
        process.terminate()
        process.communicate()


def read_ppm(data):
    fields = data.split(maxsplit=4)
    width, height = int(fields[1]), int(fields[2])
    return width, height, data[len(data) - width * height * 3:]


def differing(ours, theirs, bits):
    """In words, or None. Only the highest bits of each component count."""
    if ours[:2] != theirs[:2]:
        return f"{theirs[0]}x{theirs[1]} and not {ours[0]}x{ours[1]}"
    high = bytes(value >> 8 - bits for value in range(256))
    ours, theirs = ((*picture[:2], picture[2].translate(high)) for picture in (ours, theirs))
    count, first = 0, None
    for i in range(0, len(ours[2]), 3):
        if ours[2][i:i + 3] != theirs[2][i:i + 3]:
            count += 1
            first = first or (i // 3 % ours[0], i // 3 // ours[0])
    return f"{count} pixels, the first at {first[0]},{first[1]}" if count else None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("pictures", nargs="*")
    options = parser.parse_args()
    if not shutil.which("convert"):
        raise SystemExit("compare.py: ImageMagick is not installed (apt-get install imagemagick)")
    unexpected = 0
    with tempfile.TemporaryDirectory() as folder, open(PROGRAMS / "pictures.csv") as table:
        for row in csv.DictReader(table):
            name, known = row["picture"], row["in QEMU"]
            if options.pictures and name not in options.pictures:
                continue
            report, theirs = run(row["program"], int(row["choice"]), pathlib.Path(folder))
            golden = subprocess.run(["convert", GOLDENS / f"video-{name}.png", "-depth", "8", "ppm:-"],
                                    check=True, capture_output=True).stdout
            bits = int(known[0]) if known.endswith(" bits") else 8 if known == "same" else 5
            difference = differing(read_ppm(golden), theirs, bits)
            expected = PROGRAMS / f"{name}.txt"
            reports = (expected.read_text() if expected.exists() else "") == report
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(pathlib.Path(folder) / "shot.ppm", options.keep / f"{name}.ppm")
            bad = not reports or (difference is None) != (bits > 5 or known == "5 bits")
            unexpected += bad
            print(f"{name}: {difference or 'the same'}"
                  + ("" if reports else f", but it reports\n{report}") + f" ({known})" + (" UNEXPECTED" if bad else ""), flush=True)
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
