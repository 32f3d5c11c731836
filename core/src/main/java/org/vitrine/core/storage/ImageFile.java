package org.vitrine.core.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file or block device of the host that an image lies in, locked while it is open. Reading and
 * writing may be done by several threads at once.
 *
 * <p>The system drops a process's locks on a file when the process closes any descriptor of it. So
 * a file is opened once in a process, and those that only read it share that.
 */
final class ImageFile implements Closeable {

    private static final int TYPE_MASK = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int REGULAR = 0100000;

    /** The open files by device and inode, as the system keeps locks. */
    private static final Map<Object, ImageFile> OPEN = new HashMap<>();

    private final Path path;
    private final Object key;
    private final FileChannel channel;
    private final boolean writable;
    private volatile boolean unsafe;

    /** Guarded by {@link #OPEN}. */
    private int users = 1;

    private ImageFile(Path path, Object key, FileChannel channel, boolean writable) {
        this.path = path;
        this.key = key;
        this.channel = channel;
        this.writable = writable;
    }

    /**
     * Opens an existing file and locks it.
     *
     * @param chain the files of the images that are opened for the sake of one, to which this one's
     *     identity is added
     * @throws IOException when that can't be done; the message is one line for a person, in QEMU's
     *     words where it has some
     */
    static ImageFile open(Path path, boolean writable, Set<Object> chain) throws IOException {
        synchronized (OPEN) {
            try {
                Object key = identity(path);
                if (!chain.add(key)) {
                    throw new IOException("It is its own backing file");
                }
                ImageFile open = OPEN.get(key);
                if (open == null) {
                    open = openFirst(path, key, writable);
                    OPEN.put(key, open);
                } else if (writable || open.writable) {
                    throw new IOException("Failed to get \"write\" lock; this process uses it");
                } else {
                    open.users++;
                }
                return open;
            } catch (NoSuchFileException e) {
                throw cannotOpen(path, "No such file or directory", e);
            } catch (AccessDeniedException e) {
                throw cannotOpen(path, "Permission denied", e);
            } catch (FileSystemException e) {
                throw cannotOpen(path, e.getReason() == null ? e.toString() : e.getReason(), e);
            } catch (IOException e) {
                throw cannotOpen(path, e.getMessage(), e);
            }
        }
    }

    /**
     * A new file that has no name any more, and so is gone as soon as this process is.
     *
     * @param called what people are told that it is
     */
    static ImageFile temporary(Path called) throws IOException {
        Path path =
                Path.of(System.getProperty("java.io.tmpdir"))
                        .resolve(
                                "vitrine-"
                                        + Long.toHexString(ThreadLocalRandom.current().nextLong())
                                        + ".snapshot");
        try {
            FileChannel channel =
                    FileChannel.open(
                            path,
                            Set.of(
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE_NEW),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.delete(path);
            return new ImageFile(called, new Object(), channel, true);
        } catch (FileSystemException e) {
            throw new IOException(
                    "Could not create a temporary overlay in "
                            + path.getParent()
                            + ": "
                            + (e.getReason() == null ? e.toString() : e.getReason()),
                    e);
        }
    }

    private static IOException cannotOpen(Path path, String why, IOException cause) {
        return new IOException("Could not open '" + path + "': " + why, cause);
    }

    private static ImageFile openFirst(Path path, Object key, boolean writable) throws IOException {
        FileChannel channel;
        boolean channelWritable = true;
        try {
            channel = channel(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            if (writable) {
                throw e;
            }
            // Who may not write can't lock well either: see ImageLock.
            channel = channel(path, StandardOpenOption.READ);
            channelWritable = false;
        }
        boolean opened = false;
        try {
            if (!key.equals(identity(path))) {
                throw new IOException("it was exchanged while it was opened");
            }
            ImageLock.take(channel, writable, channelWritable);
            opened = true;
            return new ImageFile(path, key, channel, writable);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    private static FileChannel channel(Path path, OpenOption... options) throws IOException {
        return FileChannel.open(path, options);
    }

    private static Object identity(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,dev,ino");
        switch ((int) attributes.get("mode") & TYPE_MASK) {
            case REGULAR, BLOCK_DEVICE -> {}
            case DIRECTORY -> throw new IOException("Is a directory");
            default -> throw new IOException("Neither a regular file nor a block device");
        }
        return List.of(attributes.get("dev"), attributes.get("ino"));
    }

    Path path() {
        return path;
    }

    boolean writable() {
        return writable;
    }

    long length() throws IOException {
        return channel.size();
    }

    /** Fills the buffer's remaining bytes. */
    void read(long position, ByteBuffer into) throws IOException {
        int wanted = into.remaining();
        int got = readSome(position, into);
        if (got < wanted) {
            throw new IOException(
                    path
                            + " ends at byte "
                            + (position + got)
                            + ", where "
                            + (wanted - got)
                            + " more were expected");
        }
    }

    /** Fills the buffer as far as the file reaches; how many bytes those were. */
    int readSome(long position, ByteBuffer into) throws IOException {
        int got = 0;
        while (into.hasRemaining()) {
            int read;
            try {
                read = channel.read(into, position + got);
            } catch (IOException e) {
                throw failed("read", position + got, e);
            }
            if (read <= 0) {
                break;
            }
            got += read;
        }
        return got;
    }

    /** Writes the buffer's remaining bytes, lengthening the file as needed. */
    void write(long position, ByteBuffer from) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            try {
                at += channel.write(from, at);
            } catch (IOException e) {
                throw failed("written", at, e);
            }
        }
    }

    /**
     * Waits until all that was written is on the disk. After a failure the system forgets what it
     * could not write, and would say that all is well: then this never succeeds again.
     */
    void force() throws IOException {
        if (unsafe) {
            throw new IOException(
                    path + " could not be flushed before, and what was written then may be lost");
        }
        try {
            channel.force(true);
        } catch (IOException e) {
            unsafe = true;
            throw new IOException(path + " can't be flushed: " + e.getMessage(), e);
        }
    }

    /** Cuts the file off or lengthens it with zeros. */
    void setLength(long length) throws IOException {
        long now = length();
        if (length < now) {
            channel.truncate(length);
        } else if (length > now) {
            write(length - 1, ByteBuffer.allocate(1));
        }
    }

    private IOException failed(String what, long position, IOException e) {
        return new IOException(
                path + " can't be " + what + " at byte " + position + ": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(key);
                channel.close();
            }
        }
    }
}
