package org.vitrine.core.device.pci;

import java.util.List;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.memory.MmioDevice;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.memory.RamBlock;

/**
 * The host bridge of an i440FX board (Intel 82441FX PMC datasheet, sections 3.2.15 "PAM" and 3.2.19
 * "SMRAM"): for each piece of C0000 to FFFFF it decides whether reads and writes go to RAM or to
 * the bus, where the ROMs are.
 */
public final class I440fx extends PciFunction {

    private static final int PAM0 = 0x59;
    private static final int PAM_COUNT = 7;
    private static final int SMRAM = 0x72;

    private static final int READ_RAM = 1;
    private static final int WRITE_RAM = 2;

    private static final int SMRAM_OPEN = 0x40;
    private static final int SMRAM_LOCKED = 0x10;
    private static final int SMRAM_ENABLED = 0x08;
    private static final int SMRAM_BITS = 0x78;

    /** Where compatible SMRAM always is. */
    private static final int SMRAM_BASE = 0x02;

    private static final int VIDEO = 0xA_0000;
    private static final int VIDEO_SIZE = 0x2_0000;

    private static final int PIECES = 13;
    private static final int PIECE_SIZE = 0x4000;
    private static final int FIRST_PIECE = 0xC_0000;

    /** The last piece is larger than the others. */
    private static final int BIOS_PIECE = 0xF_0000;

    private static final int BIOS_PIECE_SIZE = 0x1_0000;
    private static final int END = 0x10_0000;

    private final PhysicalMemory memory;
    private final Ram ram;
    private final Roms roms;
    private final MmioDevice video;
    private final int[] pieces = new int[PIECES];
    private boolean smramSeen;
    private int smram = SMRAM_BASE;

    /**
     * The RAM that the bridge can show.
     *
     * @param low 128 KiB for C0000 to DFFFF
     * @param high 128 KiB for E0000 to FFFFF
     * @param smram 128 KiB for A0000 to BFFFF
     */
    public record Ram(RamBlock low, RamBlock high, RamBlock smram) {}

    /**
     * The ROMs on the bus.
     *
     * @param options what is seen from C0000 to DFFFF, or null for nothing
     * @param bios the system BIOS, the last 128 KiB of which are seen below 1 MiB
     */
    public record Roms(RamBlock options, RamBlock bios) {}

    /**
     * A bridge as after reset, which shows the ROMs.
     *
     * @param video what the bus has at A0000 to BFFFF, and memory already shows
     */
    public I440fx(PhysicalMemory memory, Ram ram, Roms roms, MmioDevice video) {
        super(
                "i440FX host bridge",
                new Identity(0x8086, 0x1237, 2, 0x060000, 0x1AF4, 0x1100),
                List.of());
        this.memory = memory;
        this.ram = ram;
        this.roms = roms;
        this.video = video;
        // Memory and bus mastering can't be switched off.
        register(COMMAND, 2, 0x0006, 0x0100);
        register(STATUS, 2, 0x0280, 0);
        register(PAM0, 1, 0, 0x30);
        register(PAM0 + 1, 4, 0, 0x3333_3333);
        register(PAM0 + 5, 2, 0, 0x3333);
        register(SMRAM, 1, SMRAM_BASE, SMRAM_BITS);
        for (int piece = 0; piece < PIECES; piece++) {
            show(piece, 0);
        }
    }

    @Override
    protected void written(int first, int count) {
        if (first < PAM0 + PAM_COUNT && first + count > PAM0) {
            showMemory();
        }
        if (first <= SMRAM && first + count > SMRAM) {
            if ((smram & SMRAM_LOCKED) == 0) {
                smram = get(SMRAM, 1);
            }
            if ((smram & SMRAM_LOCKED) != 0) {
                // A locked register is closed, and read-only until reset.
                smram &= ~SMRAM_OPEN;
            }
            set(SMRAM, 1, smram);
            showSmram();
        }
    }

    @Override
    protected void wasReset() {
        smram = SMRAM_BASE;
        showMemory();
        showSmram();
    }

    private void showMemory() {
        for (int piece = 0; piece < PIECES; piece++) {
            int now = attributes(piece);
            if (now != pieces[piece]) {
                show(piece, now);
            }
        }
    }

    private void showSmram() {
        boolean seen = (smram & (SMRAM_OPEN | SMRAM_ENABLED)) == (SMRAM_OPEN | SMRAM_ENABLED);
        if (seen != smramSeen) {
            smramSeen = seen;
            if (seen) {
                memory.mapRam(VIDEO, ram.smram(), 0, VIDEO_SIZE, PhysicalMemory.Access.READ_WRITE);
            } else {
                memory.mapDevice(VIDEO, VIDEO_SIZE, "vga", video);
            }
        }
    }

    /** Piece 12 is F0000 to FFFFF, in the upper half of PAM0; the others follow two by two. */
    private int attributes(int piece) {
        int register = piece == PIECES - 1 ? PAM0 : PAM0 + 1 + piece / 2;
        int shift = piece == PIECES - 1 || piece % 2 == 1 ? 4 : 0;
        return get(register, 1) >>> shift & (READ_RAM | WRITE_RAM);
    }

    private void show(int piece, int attributes) {
        pieces[piece] = attributes;
        boolean last = piece == PIECES - 1;
        int address = last ? BIOS_PIECE : FIRST_PIECE + piece * PIECE_SIZE;
        int size = last ? BIOS_PIECE_SIZE : PIECE_SIZE;
        RamBlock behind = address < 0xE_0000 ? ram.low() : ram.high();
        long offset = address & 0x1_FFFF;
        RamBlock rom = address < 0xE_0000 ? roms.options() : roms.bios();
        long romOffset = address < 0xE_0000 ? offset : roms.bios().size() - (END - address);
        boolean fromRam = (attributes & READ_RAM) != 0;
        memory.mapApart(
                address,
                size,
                fromRam ? behind : romOffset < 0 ? null : rom,
                fromRam ? offset : romOffset,
                (attributes & WRITE_RAM) != 0 ? behind : null,
                offset);
    }
}
