"""usage: torn.py MAP FRAMES SIZES [INTERRUPTIONS [unchecked]]

As torn.c. With "unchecked" it does what a reader must not do: take what it has copied without looking at the sequence again.
"""

import sys
import time
import vitrine_display

PATIENCE = 60


def fail(what):
    print("python:", what)
    sys.exit(2)


class InterruptedDisplay(vitrine_display.Display):
    interruptions = 0
    checked = True

    def copy(self, offset, length):
        if self.interruptions == 0 or length == 0:
            return super().copy(offset, length)
        self.interruptions -= 1
        half = super().copy(offset, length // 2)
        if not self.wait(self.generation() + 2, PATIENCE):
            fail("the writer stands still")
        return half + super().copy(offset + length // 2, length - length // 2)

    def unchanged(self, surface, sequence):
        return super().unchanged(surface, sequence) or not self.checked


def uniform(frame):
    """Whether all pixels, or all cells and their pictures, are alike."""
    cell_width = frame.cell_width if frame.rows else 1
    cell_height = frame.cell_height if frame.rows else 1
    line = frame.width * 4
    top = [frame.pixels[y * line:(y + 1) * line] for y in range(cell_height)]
    return (
        frame.cells == frame.cells[:2] * (frame.columns * frame.rows)
        and all(first == first[:cell_width * 4] * (frame.width // cell_width) for first in top)
        and frame.height % cell_height == 0
        and frame.pixels == b"".join(top) * (frame.height // cell_height))


def main():
    display = InterruptedDisplay(sys.argv[1])
    wanted, wanted_sizes = int(sys.argv[2]), int(sys.argv[3])
    display.interruptions = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    display.checked = len(sys.argv) <= 5
    frames = torn = skipped = modes = generation = timestamp = serial = 0
    sizes = {}
    start = time.monotonic()
    while frames < wanted or len(sizes) < wanted_sizes:
        if not display.wait(generation, PATIENCE):
            fail("no frame comes" if display.alive() else "the emulator is gone")
        frame = display.read(generation)
        if frame is None:
            fail("a later frame was not to be read")
        if display.checked:
            if frame.generation <= generation or frame.mode_serial < serial:
                fail("the generation or the mode serial went down")
            if not timestamp <= frame.timestamp <= time.monotonic_ns():
                fail("the frame's time is not that of the monotonic clock")
        skipped += frame.generation - generation - 1 if frames else 0
        modes += frame.mode_serial != serial
        torn += not uniform(frame)
        sizes[f"{frame.width}x{frame.height}"] = True
        generation, timestamp, serial = frame.generation, frame.timestamp, frame.mode_serial
        frames += 1
    rate = frames / (time.monotonic() - start)
    print(f"python: {frames} frames, {rate:.0f}/s, {display.retries} retries, {skipped} generations skipped, "
          f"{modes} modes, sizes {' '.join(sizes)}, {torn} torn")
    sys.exit(torn != 0)


main()
