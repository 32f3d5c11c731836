package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps an image from other processes in the way QEMU does, so that each excludes the other ({@code
 * docs/disks.md}). Of the file's bytes from 100 one is read-locked for each thing that its user
 * does with it, and of those from 200 one for each thing that others must not do meanwhile.
 *
 * <p>QEMU first locks its bytes and then asks whether anybody has the opposite ones. A JVM can't
 * ask without locking. So the opposite bytes are write-locked first, which answers the question,
 * and those that stay locked are made read locks one by one, while the others still keep everybody
 * away.
 */
final class ImageLock {

    private static final int DOES = 100;
    private static final int DENIES = 200;

    private static final int CONSISTENT_READ = 0;
    private static final int WRITE = 1;
    private static final int RESIZE = 3;

    /** Two that ask at the same moment see one another; who really has the file has it longer. */
    private static final int TRIES = 20;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private ImageLock() {}

    /**
     * Locks a file until its channel is closed.
     *
     * @param channel writable, if at all possible, also for use by a reader: only then can it be
     *     seen that another process writes
     * @throws IOException when another process uses the file; the message is QEMU's
     */
    static void take(FileChannel channel, boolean writer, boolean channelWritable)
            throws IOException {
        Set<Integer> uses =
                writer ? Set.of(CONSISTENT_READ, WRITE, RESIZE) : Set.of(CONSISTENT_READ);
        Set<Integer> denied = Set.of(WRITE, RESIZE);
        String refusal = null;
        for (int i = 0; i < TRIES; i++) {
            refusal = attempt(channel, uses, denied, channelWritable);
            if (refusal == null) {
                return;
            }
            LockSupport.parkNanos(PAUSE);
        }
        throw new IOException(refusal);
    }

    private static String attempt(
            FileChannel channel, Set<Integer> uses, Set<Integer> denied, boolean channelWritable)
            throws IOException {
        Set<Integer> kept = new TreeSet<>();
        uses.forEach(use -> kept.add(DOES + use));
        denied.forEach(use -> kept.add(DENIES + use));
        // In QEMU's order, which decides what is said.
        Set<Integer> opposite =
                new TreeSet<>(
                        Comparator.comparingInt((Integer at) -> at % DOES)
                                .thenComparing(Comparator.reverseOrder()));
        uses.forEach(use -> opposite.add(DENIES + use));
        denied.forEach(use -> opposite.add(DOES + use));

        TreeMap<Integer, FileLock> held = new TreeMap<>();
        List<FileLock> forGood = new ArrayList<>();
        boolean done = false;
        try {
            if (channelWritable) {
                for (int at : opposite) {
                    FileLock lock = channel.tryLock(at, 1, false);
                    if (lock == null) {
                        return refusal(at);
                    }
                    held.put(at, lock);
                }
            }
            for (int at : kept) {
                FileLock exclusive = held.remove(at);
                if (exclusive != null) {
                    exclusive.release();
                }
                FileLock lock = channel.tryLock(at, 1, true);
                if (lock == null) {
                    return refusal(at);
                }
                forGood.add(lock);
            }
            done = true;
            return null;
        } catch (NonWritableChannelException e) {
            throw new IllegalArgumentException(e);
        } finally {
            for (FileLock lock : held.values()) {
                lock.release();
            }
            if (!done) {
                for (FileLock lock : forGood) {
                    lock.release();
                }
            }
        }
    }

    private static String refusal(int at) {
        String shared = at < DENIES ? "shared " : "";
        String use =
                switch (at % DOES) {
                    case CONSISTENT_READ -> "consistent read";
                    case WRITE -> "write";
                    default -> "resize";
                };
        return "Failed to get " + shared + "\"" + use + "\" lock; is another process using it?";
    }
}
