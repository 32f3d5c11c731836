package org.vitrine.bench;

import java.lang.foreign.MemorySegment;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.spi.display.DisplayLayout;

/**
 * What it takes to publish a frame of 32-bit pixels, from dirty video memory to the generation's
 * release, beside a plain copy of as many bytes between memories of the same kind. Both have their
 * source written just before, and go round three targets.
 */
final class PublishCost {

    private static final int[][] SIZES = {{640, 480}, {1024, 768}, {1920, 1080}};

    /** A box of a tenth of the width and of the height: one pixel in a hundred. */
    private static final int BOX = 10;

    private static final int WARM_UP_TURNS = 3;

    private PublishCost() {}

    static void print(int rounds) throws InterruptedException {
        warmUp(rounds);
        System.out.println();
        System.out.println("publishing a frame of 32 bits a pixel, ms, median (p99); the limit is");
        System.out.println("a memory copy of the same bytes in the same run (target: full <= 2.0)");
        System.out.printf(
                "  %-10s %-17s %-17s %5s %-17s %5s %-17s %8s %8s%n",
                "size",
                "copy",
                "all new",
                "ratio",
                "same again",
                "ratio",
                "1 % new",
                "of full",
                "1 pixel");
        for (int[] size : SIZES) {
            print(size[0], size[1], rounds);
        }
    }

    /**
     * Runs all sizes until the compiler has done its work. Code that it made of the first size may
     * be given up at the next, so there are several turns.
     */
    private static void warmUp(int rounds) throws InterruptedException {
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            for (int[] size : SIZES) {
                measure(size[0], size[1], rounds);
            }
            JitCompiler.awaitRest();
        }
    }

    private record Costs(Samples copy, Samples full, Samples same, Samples box, Samples pixel) {}

    private static void print(int width, int height, int rounds) {
        Costs costs = measure(width, height, rounds);
        double copy = costs.copy().median();
        double full = costs.full().median();
        System.out.printf(
                "  %-10s %-17s %-17s %5.2f %-17s %5.2f %-17s %6.1f %% %8.3f%n",
                width + "x" + height,
                text(costs.copy()),
                text(costs.full()),
                full / copy,
                text(costs.same()),
                costs.same().median() / copy,
                text(costs.box()),
                100 * costs.box().median() / full,
                costs.pixel().median());
    }

    private static String text(Samples samples) {
        return String.format("%.3f (%.3f)", samples.median(), samples.millis(0.99));
    }

    private static Costs measure(int width, int height, int rounds) {
        VideoBoard board = new VideoBoard(width, height);
        int bytes = board.bytes();
        MemorySegment source = HostMemory.allocate(VideoBoard.VIDEO_MEMORY);
        MemorySegment targets = HostMemory.allocate(DisplayLayout.SIZE);
        long before = board.writer.generation();
        Costs costs =
                new Costs(
                        new Samples(), new Samples(), new Samples(), new Samples(), new Samples());
        for (int round = 0; round < rounds; round++) {
            source.asSlice(0, bytes).fill((byte) round);
            long target = DisplayLayout.surface(round % 3) + DisplayLayout.SURFACE_PIXELS;
            long begin = System.nanoTime();
            MemorySegment.copy(source, 0, targets, target, bytes);
            costs.copy().add(System.nanoTime() - begin);

            board.fill(0, 0, width, height, round);
            costs.full().add(board.publish());
            board.fill(0, 0, width, height, round);
            costs.same().add(board.publish());
        }
        for (int round = 0; round < rounds; round++) {
            // Boxes go diagonally, so that each frame has two earlier ones to catch up with.
            int place = round % BOX;
            board.fill(
                    place * width / BOX,
                    place * height / BOX,
                    width / BOX,
                    height / BOX,
                    round + 1);
            costs.box().add(board.publish());
        }
        for (int round = 0; round < rounds; round++) {
            board.fill(width / 2, height / 2, 1, 1, round);
            costs.pixel().add(board.publish());
        }
        // All new, a box, a pixel: three frames a round. One may be as the last one was by chance.
        long published = board.writer.generation() - before;
        if (published > 3L * rounds || published < 3L * rounds - 3) {
            throw new IllegalStateException(
                    published + " frames published in " + rounds + " rounds");
        }
        return costs;
    }
}
