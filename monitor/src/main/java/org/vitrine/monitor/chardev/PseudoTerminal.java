package org.vitrine.monitor.chardev;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The master side of a pseudo-terminal, for which Java has no call of its own: {@code
 * posix_openpt}, {@code grantpt}, {@code unlockpt} and {@code ptsname_r} (POSIX.1-2008, pts(4)).
 * Nothing is echoed or changed on the way, until who opens the other side says otherwise.
 */
final class PseudoTerminal implements AutoCloseable {

    /** O_RDWR and O_NOCTTY of Linux. */
    private static final int OPEN_FLAGS = 0x102;

    private static final int NAME_SIZE = 128;
    private static final int TERMIOS_SIZE = 256;
    private static final int POLL_IN = 0x001;
    private static final int POLL_HANG_UP = 0x010;
    private static final int POLL_MILLIS = 200;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    private final int descriptor;
    private final String name;
    private final MethodHandle poll = function("poll", INT, POINTER, LONG, INT);
    private final MethodHandle read = function("read", LONG, INT, POINTER, LONG);
    private final MethodHandle write = function("write", LONG, INT, POINTER, LONG);
    private volatile boolean closed;

    private PseudoTerminal(int descriptor, String name) throws IOException {
        this.descriptor = descriptor;
        this.name = name;
    }

    /**
     * Opens a new one.
     *
     * @throws IOException when the system has none left, or is no POSIX system
     */
    static PseudoTerminal open() throws IOException {
        int descriptor = (int) call(function("posix_openpt", INT, INT), OPEN_FLAGS);
        if (descriptor < 0) {
            throw new IOException("there is no pseudo-terminal left");
        }
        boolean done = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(NAME_SIZE);
            boolean ready =
                    (int) call(function("grantpt", INT, INT), descriptor) == 0
                            && (int) call(function("unlockpt", INT, INT), descriptor) == 0
                            && (int)
                                            call(
                                                    function("ptsname_r", INT, INT, POINTER, LONG),
                                                    descriptor,
                                                    buffer,
                                                    (long) NAME_SIZE)
                                    == 0
                            && makeRaw(descriptor, arena.allocate(TERMIOS_SIZE));
            if (!ready) {
                throw new IOException("the pseudo-terminal can't be made ready");
            }
            // Only after its first opening does the system tell whether the other side is open.
            MethodHandle open =
                    handleOf(
                            "open",
                            FunctionDescriptor.of(INT, POINTER, INT),
                            Linker.Option.firstVariadicArg(2));
            close((int) call(open, buffer, OPEN_FLAGS));
            PseudoTerminal terminal = new PseudoTerminal(descriptor, buffer.getString(0));
            done = true;
            return terminal;
        } finally {
            if (!done) {
                close(descriptor);
            }
        }
    }

    private static boolean makeRaw(int descriptor, MemorySegment termios) throws IOException {
        if ((int) call(function("tcgetattr", INT, INT, POINTER), descriptor, termios) != 0) {
            return false;
        }
        call(handleOf("cfmakeraw", FunctionDescriptor.ofVoid(POINTER)), termios);
        return (int) call(function("tcsetattr", INT, INT, INT, POINTER), descriptor, 0, termios)
                == 0;
    }

    /** The other side's file, as {@code /dev/pts/3}. */
    String name() {
        return name;
    }

    /** What is written to the other side; reads wait for somebody to open it. */
    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                while (!closed) {
                    int events = poll();
                    if ((events & POLL_IN) != 0) {
                        int count = readNow(into, offset, length);
                        if (count > 0) {
                            return count;
                        }
                    } else if ((events & POLL_HANG_UP) != 0) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
                    }
                }
                return -1;
            }
        };
    }

    /** What the other side reads; lost while nobody has it open. */
    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment bytes = arena.allocate(length);
                    MemorySegment.copy(from, offset, bytes, ValueLayout.JAVA_BYTE, 0, length);
                    long done = 0;
                    while (done < length && !closed && (poll(0) & POLL_HANG_UP) == 0) {
                        long now =
                                (long) call(write, descriptor, bytes.asSlice(done), length - done);
                        if (now <= 0) {
                            return;
                        }
                        done += now;
                    }
                }
            }
        };
    }

    private int readNow(byte[] into, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            int count = (int) (long) call(read, descriptor, bytes, (long) length);
            if (count > 0) {
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, into, offset, count);
            }
            return count;
        }
    }

    private int poll() throws IOException {
        return poll(POLL_MILLIS);
    }

    private int poll(int millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // struct pollfd: int fd; short events; short revents.
            MemorySegment request = arena.allocate(8, 4);
            request.set(ValueLayout.JAVA_INT, 0, descriptor);
            request.set(ValueLayout.JAVA_SHORT, 4, (short) POLL_IN);
            int ready = (int) call(poll, request, 1L, millis);
            return ready > 0 ? request.get(ValueLayout.JAVA_SHORT, 6) : 0;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        close(descriptor);
    }

    private static void close(int descriptor) throws IOException {
        call(function("close", INT, INT), descriptor);
    }

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) throws IOException {
        return handleOf(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle handleOf(
            String name, FunctionDescriptor form, Linker.Option... options) throws IOException {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new IOException("the system has no " + name));
        return linker.downcallHandle(address, form, options);
    }

    private static Object call(MethodHandle function, Object... arguments) throws IOException {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IOException("a call of the system's failed", e);
        }
    }
}
