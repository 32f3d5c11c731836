package org.vitrine.core.memory;

import static org.vitrine.spi.display.DisplayLayout.HEADER_MAGIC;
import static org.vitrine.spi.display.DisplayLayout.HEADER_STATE;
import static org.vitrine.spi.display.DisplayLayout.MAGIC;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.spi.display.DisplayLayout.WriterState;

/**
 * Memory whose named parts are the files {@code PREFIX.NAME}, mapped shared: who maps such a file
 * sees the memory itself. What is not named is anonymous.
 *
 * <p>Files are made so that nothing is ever overwritten or followed, and so that a set which lost
 * its emulator at any moment can be told from everybody else's files and is removed by the next
 * start. Each is created under a name with a random number in it that the lock file announced
 * before, its inode is noted in the lock file, and then it gets its name as a hard link, which
 * never replaces anything. {@link MapRecord} shows the notes.
 *
 * <p>Safe for use by several threads.
 */
public final class SharedMaps implements MemorySource {

    private static final Logger LOG = LoggerFactory.getLogger(SharedMaps.class);

    /** unix(7): a socket's name has room for so many bytes. */
    private static final int SOCKET_NAME_BYTES = 107;

    private final Path prefix;
    private final boolean keep;
    private final boolean synced;
    private final String session =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final Consumer<String> steps;
    private final PrefixLock lock;
    private final Map<String, MemorySegment> memory = new LinkedHashMap<>();
    private final Set<String> taken = new LinkedHashSet<>();
    private final Map<String, Long> sizes;
    private final Map<String, Long> inodes = new LinkedHashMap<>();
    private boolean open = true;
    private boolean started;

    /**
     * What is asked for.
     *
     * @param prefix what the files' names begin with; may be in a folder
     * @param sizes bytes of each map by its name
     * @param keep whether the files stay when the maps are closed
     * @param synced whether each published frame is written to the storage device
     */
    public record Request(Path prefix, Map<String, Long> sizes, boolean keep, boolean synced) {

        public Request {
            prefix = prefix.toAbsolutePath();
            sizes = new LinkedHashMap<>(sizes);
        }
    }

    /**
     * Makes the files.
     *
     * @throws IOException when that can't be; then nothing was changed, but for a set that its
     *     emulator had left behind, which may be gone. The message is one line for a person
     */
    public static SharedMaps create(Request request) throws IOException {
        return create(request, step -> {});
    }

    /** As {@link #create(Request)}, telling of each step that others could see. For tests. */
    static SharedMaps create(Request request, Consumer<String> steps) throws IOException {
        checkPrefix(request.prefix());
        Path lockFile = named(request.prefix(), "lock");
        PrefixLock lock = null;
        SharedMaps maps = null;
        try {
            lock = PrefixLock.acquire(lockFile);
            steps.accept("locked");
            MapRecord left = checkLeft(request, lock, lockFile);
            if (left != null) {
                checkRoom(request, sum(left.sizes()));
                removeLeft(request.prefix(), left, steps);
            }
            maps = new SharedMaps(request, lock, steps);
            checkRoom(request, 0);
            maps.make();
            return maps;
        } catch (FileSystemException e) {
            undo(maps, lock, e);
            throw new IOException(e.getFile() + ": " + reason(e), e);
        } catch (IOException | UncheckedIOException e) {
            undo(maps, lock, e);
            throw e;
        }
    }

    private static void undo(SharedMaps maps, PrefixLock lock, Exception why) {
        try {
            if (maps != null) {
                maps.close();
            } else if (lock != null) {
                if (lock.created()) {
                    lock.delete();
                }
                lock.close();
            }
        } catch (IOException | UncheckedIOException e) {
            why.addSuppressed(e);
        }
    }

    private SharedMaps(Request request, PrefixLock lock, Consumer<String> steps) {
        this.prefix = request.prefix();
        this.sizes = request.sizes();
        this.keep = request.keep();
        this.synced = request.synced();
        this.lock = lock;
        this.steps = steps;
    }

    private static void checkPrefix(Path prefix) throws IOException {
        Path folder = prefix.getParent();
        if (folder == null || prefix.getFileName().toString().isEmpty()) {
            throw new IOException(prefix + " is no prefix of a file's name");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + (Files.exists(folder) ? " is no folder" : ": no such folder"));
        }
        if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            throw new IOException(folder + ": no permission to make files there");
        }
        Path socket = named(prefix, "sock");
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SOCKET_NAME_BYTES) {
            throw new IOException(
                    "the prefix is too long: "
                            + socket
                            + " has "
                            + length
                            + " bytes, and a socket's name has at most "
                            + SOCKET_NAME_BYTES);
        }
    }

    /**
     * Reads what the last owner left; refuses when that or anything else is in the way.
     *
     * @return null when nobody left anything
     */
    private static MapRecord checkLeft(Request request, PrefixLock lock, Path lockFile)
            throws IOException {
        MapRecord left = lock.read();
        ProcessIdentity self = ProcessIdentity.current();
        // This process would know of its own maps.
        if (left != null && !left.closed() && !left.owner().equals(self) && left.owner().alive()) {
            throw new IOException(lockFile + " is in use by process " + left.owner().pid());
        }
        for (String name : request.sizes().keySet()) {
            Path file = named(request.prefix(), name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            BasicFileAttributes attributes = attributes(file);
            if (!attributes.isRegularFile()) {
                throw new IOException(notARegularFile(file, attributes));
            }
            if (left == null || !isOf(left, name, file)) {
                throw new IOException(
                        file
                                + " is there already, and "
                                + lockFile
                                + " does not say that it is"
                                + " Vitrine's; nothing is overwritten");
            }
        }
        return left;
    }

    /** Whether a file is the one that the record notes. */
    private static boolean isOf(MapRecord record, String name, Path file) throws IOException {
        Long inode = record.inodes().get(name);
        Long size = record.sizes().get(name);
        return inode != null
                && size != null
                && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && attributes(file).isRegularFile()
                && inode(file) == inode
                && attributes(file).size() == size;
    }

    private void make() throws IOException {
        lock.write(MapRecord.announcement(session, ProcessIdentity.current(), sizes));
        steps.accept("announced");
        for (Map.Entry<String, Long> map : sizes.entrySet()) {
            make(map.getKey(), map.getValue());
        }
    }

    private void make(String name, long size) throws IOException {
        Path file = named(prefix, name);
        Path first = firstName(file, session);
        try (FileChannel channel = PrivateFile.create(first)) {
            steps.accept("created " + name);
            memory.put(name, channel.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto()));
            steps.accept("sized " + name);
        }
        long inode = inode(first);
        lock.append(MapRecord.made(name, inode));
        inodes.put(name, inode);
        steps.accept("noted " + name);
        try {
            Files.createLink(file, first);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " has just been made by somebody else", e);
        } catch (UnsupportedOperationException e) {
            throw new IOException(file + ": the file system has no hard links", e);
        }
        steps.accept("named " + name);
        Files.delete(first);
        steps.accept("made " + name);
    }

    private static Path firstName(Path file, String session) {
        return file.resolveSibling(file.getFileName() + "." + session);
    }

    /** Removes what an emulator that is gone has left; its readers are told. */
    private static void removeLeft(Path prefix, MapRecord left, Consumer<String> steps)
            throws IOException {
        for (String name : left.sizes().keySet()) {
            Path file = named(prefix, name);
            Path first = firstName(file, left.session());
            // Nobody else makes a name with this number in it.
            Files.deleteIfExists(first);
            steps.accept("removed first name of " + name);
            if (isOf(left, name, file)) {
                if (name.equals(DISPLAY)) {
                    supersede(file);
                    steps.accept("superseded " + name);
                }
                Files.delete(file);
                steps.accept("removed " + name);
            }
        }
        LOG.info("took over the maps {}.* that process {} left", prefix, left.owner().pid());
    }

    /** Not through a mapping, which would fail when the file system is full. */
    private static void supersede(Path display) throws IOException {
        Set<OpenOption> options =
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(display, options)) {
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(word, HEADER_MAGIC);
            if (word.getLong(0) == MAGIC) {
                word.clear().putInt(WriterState.SUPERSEDED.ordinal()).flip();
                channel.write(word, HEADER_STATE);
            }
        }
    }

    /**
     * Refuses maps for which there is no room.
     *
     * @param freed bytes that will be free besides, at most
     */
    private static void checkRoom(Request request, long freed) throws IOException {
        long needed = sum(request.sizes());
        File folder = request.prefix().getParent().toFile();
        // A file system without a limit says that it has room for nothing.
        if (folder.getTotalSpace() != 0 && folder.getUsableSpace() + freed < needed) {
            throw new IOException(
                    "the maps need "
                            + needed
                            + " bytes, and the file system of "
                            + folder
                            + " has room for "
                            + folder.getUsableSpace());
        }
    }

    private static long sum(Map<String, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public synchronized MemorySegment allocate(String name, long size) {
        MemorySegment segment = memory.get(name);
        if (segment == null) {
            return HostMemory.allocate(size);
        }
        if (segment.byteSize() != size || !taken.add(name)) {
            throw new IllegalStateException(
                    "the map "
                            + name
                            + " of "
                            + segment.byteSize()
                            + " bytes is asked for"
                            + (taken.contains(name) ? " twice" : " with " + size + " bytes"));
        }
        return segment;
    }

    @Override
    public Path file(String name) {
        return sizes.containsKey(name) ? named(prefix, name) : null;
    }

    @Override
    public boolean synced() {
        return synced;
    }

    /** What all names begin with, absolute; {@code PREFIX.sock} is free for a socket. */
    public Path prefix() {
        return prefix;
    }

    @Override
    public String failure() {
        for (String name : sizes.keySet()) {
            Path file = named(prefix, name);
            try {
                if (isMine(name, file) && attributes(file).size() < sizes.get(name)) {
                    return file + " was cut short by somebody";
                }
            } catch (IOException e) {
                LOG.debug("can't look at {}", file, e);
            }
        }
        return MemorySource.full(prefix.getParent(), List.copyOf(sizes.keySet()));
    }

    private boolean isMine(String name, Path file) throws IOException {
        Long inode = inodes.get(name);
        return inode != null
                && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && inode(file) == inode;
    }

    @Override
    public synchronized void started() {
        started = true;
    }

    /**
     * Removes the files, unless they are to be kept and the machine had started. Who still maps
     * them keeps what is in them.
     *
     * @throws UncheckedIOException when that fails; what is left is removed by the next start with
     *     this prefix
     */
    @Override
    public synchronized void close() {
        if (!open) {
            return;
        }
        open = false;
        try (lock) {
            if (keep && started) {
                lock.append(MapRecord.CLOSED);
                return;
            }
            for (String name : sizes.keySet()) {
                Path file = named(prefix, name);
                Files.deleteIfExists(firstName(file, session));
                if (isMine(name, file)) {
                    Files.delete(file);
                }
            }
            lock.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove the maps " + prefix + ".*", e);
        }
    }

    private static Path named(Path prefix, String name) {
        return prefix.resolveSibling(prefix.getFileName() + "." + name);
    }

    static String notARegularFile(Path file, BasicFileAttributes attributes) {
        return file
                + (attributes.isSymbolicLink()
                        ? " is a link, and links are not followed"
                        : attributes.isDirectory() ? " is a folder" : " is no regular file");
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> e.getReason() != null ? e.getReason() : e.toString();
        };
    }
}
