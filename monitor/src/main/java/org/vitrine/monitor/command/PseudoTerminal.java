package org.vitrine.monitor.command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The master side of a pseudo-terminal, for which Java has no call of its own: {@code
 * posix_openpt}, {@code grantpt}, {@code unlockpt} and {@code ptsname_r} (POSIX.1-2008, pts(4)).
 */
final class PseudoTerminal implements AutoCloseable {

    /** O_RDWR and O_NOCTTY of Linux. */
    private static final int OPEN_FLAGS = 0x102;

    private static final int NAME_SIZE = 128;

    private final int descriptor;
    private final String name;

    private PseudoTerminal(int descriptor, String name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /**
     * Opens a new one.
     *
     * @throws IOException when the system has none left, or is no POSIX system
     */
    static PseudoTerminal open() throws IOException {
        int descriptor = call(function("posix_openpt", ValueLayout.JAVA_INT), OPEN_FLAGS);
        if (descriptor < 0) {
            throw new IOException("there is no pseudo-terminal left");
        }
        boolean done = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(NAME_SIZE);
            boolean ready =
                    call(function("grantpt", ValueLayout.JAVA_INT), descriptor) == 0
                            && call(function("unlockpt", ValueLayout.JAVA_INT), descriptor) == 0
                            && name(descriptor, buffer) == 0;
            if (!ready) {
                throw new IOException("the pseudo-terminal can't be made ready");
            }
            done = true;
            return new PseudoTerminal(descriptor, buffer.getString(0));
        } finally {
            if (!done) {
                call(function("close", ValueLayout.JAVA_INT), descriptor);
            }
        }
    }

    /** The other side's file, as {@code /dev/pts/3}. */
    String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        call(function("close", ValueLayout.JAVA_INT), descriptor);
    }

    private static int name(int descriptor, MemorySegment buffer) throws IOException {
        MethodHandle function =
                function(
                        "ptsname_r",
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG);
        try {
            return (int) function.invokeExact(descriptor, buffer, (long) NAME_SIZE);
        } catch (Throwable e) {
            throw new IOException("ptsname_r can't be called", e);
        }
    }

    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments)
            throws IOException {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new IOException("the system has no " + name));
        return linker.downcallHandle(
                address, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static int call(MethodHandle function, int argument) throws IOException {
        try {
            return (int) function.invokeExact(argument);
        } catch (Throwable e) {
            throw new IOException("a call of the system's failed", e);
        }
    }
}
