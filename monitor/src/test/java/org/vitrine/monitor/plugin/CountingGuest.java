package org.vitrine.monitor.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;

/**
 * A running machine whose guest counts, draws, and sees its own pauses: the program {@code
 * gaps.asm}.
 */
final class CountingGuest implements AutoCloseable {

    private static final int ROM_SIZE = 0x10000;
    private static final int RESET_VECTOR = 0xFFF0;
    private static final byte[] JUMP_TO_START = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};
    private static final long COUNT = 0x5000;
    private static final long LONGEST = 0x5004;

    private final Machine machine;

    CountingGuest() {
        machine =
                new Machine(
                        MachineConfig.standard()
                                .withMemorySize(2 * MachineConfig.MIB)
                                .withFirmware(new Firmware(rom(), new byte[0])));
        machine.cont();
    }

    /** The program as a system BIOS. */
    static byte[] rom() {
        byte[] rom = new byte[ROM_SIZE];
        try (InputStream program = CountingGuest.class.getResourceAsStream("gaps.bin")) {
            program.readNBytes(rom, 0, RESET_VECTOR);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.arraycopy(JUMP_TO_START, 0, rom, RESET_VECTOR, JUMP_TO_START.length);
        return rom;
    }

    Machine machine() {
        return machine;
    }

    /** How far the guest has counted; modulo 2^32. */
    long count() {
        return machine.call(() -> machine.pc().memory().read(COUNT, 4));
    }

    /** Forgets what pauses there were. */
    void measureAnew() {
        machine.call(() -> {
            machine.pc().memory().write(LONGEST, 4, 0);
            return null;
        });
    }

    /** The longest time that the guest did not run, by its own clock. */
    Duration longestPause() {
        return Duration.ofNanos(
                machine.call(() -> machine.pc().memory().read(LONGEST, 4)) & 0xFFFF_FFFFL);
    }

    @Override
    public void close() {
        machine.close();
    }
}
