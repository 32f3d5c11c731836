package org.vitrine.core.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * The file {@code PREFIX.lock}, locked: nobody else touches the prefix's files meanwhile. Used by
 * one thread at a time.
 *
 * <p>The lock is a POSIX record lock, which the system releases however the process ends. It
 * belongs to the process, and closing any descriptor of the file drops it; so locks held in this
 * process are remembered, and their files not opened again.
 */
final class PrefixLock implements AutoCloseable {

    private static final int TRIES = 100;

    /** A record has some hundred bytes; whatever is longer is somebody else's file. */
    private static final int LONGEST = 1 << 16;

    /** The lock files that this process holds, by device and inode: as the system keeps locks. */
    private static final Set<Object> HELD = new HashSet<>();

    private final Path file;
    private final Object key;
    private final FileChannel channel;
    private final boolean created;

    private PrefixLock(Path file, Object key, FileChannel channel, boolean created) {
        this.file = file;
        this.key = key;
        this.channel = channel;
        this.created = created;
    }

    /**
     * Takes the lock, making the file when there is none.
     *
     * @throws IOException when it is in use, no regular file, or can't be opened; the message is
     *     one line for a person
     */
    static PrefixLock acquire(Path file) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            synchronized (HELD) {
                PrefixLock lock = attempt(file);
                if (lock != null) {
                    return lock;
                }
            }
        }
        throw new IOException(file + " is taken and given up again and again by others");
    }

    /** Null when the file came, went or was exchanged at the wrong moment. */
    private static PrefixLock attempt(Path file) throws IOException {
        boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try {
            if (existed && HELD.contains(identity(file))) {
                throw new IOException(file + " is in use by this process");
            }
            FileChannel channel = open(file, existed);
            boolean keepOpen = false;
            try {
                Object key = identity(file);
                keepOpen = HELD.contains(key);
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw new IOException(file + " is in use" + owner(channel));
                }
                // Its owner may have deleted it after it was opened here.
                if (key.equals(identity(file))) {
                    HELD.add(key);
                    keepOpen = true;
                    return new PrefixLock(file, key, channel, !existed);
                }
                return null;
            } catch (OverlappingFileLockException e) {
                keepOpen = true; // Closing it would drop the lock that is held elsewhere in here.
                throw new IOException(file + " is in use by this process", e);
            } finally {
                if (!keepOpen) {
                    channel.close();
                }
            }
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            if (!Files.isDirectory(file.getParent())) {
                throw e;
            }
            return null;
        }
    }

    /** Device and inode of a regular file. */
    private static Object identity(Path file) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        if (!attributes.isRegularFile()) {
            throw new IOException(SharedMaps.notARegularFile(file, attributes));
        }
        return attributes.fileKey();
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileChannel open(Path file, boolean existed) throws IOException {
        if (!existed) {
            return PrivateFile.create(file);
        }
        // What a record says is acted on, so it has to be one's own.
        if (!Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw new IOException(file + " belongs to another user");
        }
        Set<OpenOption> options =
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(file, options);
    }

    private static String owner(FileChannel channel) throws IOException {
        try {
            return " by process " + MapRecord.parse(text(channel)).owner().pid();
        } catch (MapRecord.NoRecordException e) {
            return ""; // It has not been written yet, or is no lock file of ours.
        }
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // Until all of it is there.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    /**
     * What the last owner left.
     *
     * @return null when there is nothing in the file
     * @throws IOException when the file is not a lock file of a known version; the message is one
     *     line for a person
     */
    MapRecord read() throws IOException {
        String text = text(channel);
        if (text.isEmpty()) {
            return null; // Made by a start that was killed at once.
        }
        try {
            return MapRecord.parse(text);
        } catch (MapRecord.NoRecordException e) {
            throw new IOException(
                    file + " can't be taken over: " + e.getMessage() + "; remove it to go on", e);
        }
    }

    /** Replaces what is in the file. */
    void write(String text) throws IOException {
        channel.truncate(0);
        append(text);
    }

    /** Adds to what is in the file. */
    void append(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        channel.position(channel.size());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Whether there was no such file before. */
    boolean created() {
        return created;
    }

    /** Removes the file, which is then nobody's. Does not release the lock. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            HELD.remove(key);
            channel.close();
        }
    }
}
