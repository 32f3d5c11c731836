package org.vitrine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.Peripherals;

/**
 * A guest that has no firmware and does one thing on a linear screen of 32 bits a pixel; its source
 * is {@code src/main/asm/display.asm}.
 *
 * @param width pixels
 * @param height lines
 */
record GuestProgram(Task task, int width, int height) {

    /** What the guest does; the order is the program's. */
    enum Task {
        /** Stores numbers as the first pixel, and tells each at the debug port just before. */
        STORE,
        /** Works on registers and RAM, and draws a line of the screen now and then. */
        COMPUTE,
        /** Fills the screen all the time, and counts in RAM how often. */
        REDRAW
    }

    /** Where {@link Task#REDRAW} counts, 32 bits. */
    static final long FILLS = 0x5010;

    private static final int ROM_SIZE = 0x10000;
    private static final int RESET_VECTOR = 0xFFF0;
    private static final byte[] JUMP_TO_START = {(byte) 0xEA, 0, 0, 0, (byte) 0xF0};

    private static final int WIDTH = 4;
    private static final int HEIGHT = 8;
    private static final int TASK = 12;
    private static final int PAUSE_LEAST = 16;
    private static final int PAUSE_MASK = 20;

    /**
     * A machine that runs this program already.
     *
     * @param debugPort takes the numbers of {@link Task#STORE}, on the vCPU thread
     */
    Machine start(RefreshRate rate, OutputStream debugPort) throws IOException {
        MachineConfig config =
                MachineConfig.standard()
                        .withMemorySize(2 * MachineConfig.MIB)
                        .withFirmware(new Firmware(rom(), new byte[0]))
                        .withPeripherals(Peripherals.NONE.withDebugConsole(debugPort));
        Machine machine = new Machine(config.withRefresh(rate));
        machine.cont();
        return machine;
    }

    private byte[] rom() throws IOException {
        byte[] rom = new byte[ROM_SIZE];
        try (InputStream program = GuestProgram.class.getResourceAsStream("display.bin")) {
            if (program == null) {
                throw new IOException("the benchmark's guest program display.bin is missing");
            }
            program.readNBytes(rom, 0, RESET_VECTOR);
        }
        System.arraycopy(JUMP_TO_START, 0, rom, RESET_VECTOR, JUMP_TO_START.length);
        ByteBuffer fields = ByteBuffer.wrap(rom).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(WIDTH, width);
        fields.putInt(HEIGHT, height);
        fields.putInt(TASK, task.ordinal());
        fields.putInt(PAUSE_LEAST, 0x80000);
        fields.putInt(PAUSE_MASK, 0xFFFFF);
        return rom;
    }
}
