package org.vitrine.core.device.timer;

import java.util.List;
import java.util.Objects;

/**
 * What the clock's RAM tells the firmware about the machine, at the places where the AT, and for
 * memory and boot order QEMU's PC, have it.
 *
 * @param below4g bytes of RAM below 4 GiB, counted from address 0
 * @param above4g bytes of RAM from 4 GiB on
 * @param floppies the types of drives A and B; both may be absent, {@link Floppy#NONE}
 * @param disks the hard disks in the AT's order, at most two; they get drive type 47
 * @param bootOrder up to three kinds of device in the order in which to try them
 * @param mouse whether there is a PS/2 mouse
 */
public record CmosSettings(
        long below4g,
        long above4g,
        List<Floppy> floppies,
        List<Disk> disks,
        List<Boot> bootOrder,
        boolean mouse) {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /** A floppy drive's type as CMOS byte 10h codes it. */
    public enum Floppy {
        NONE(0),
        INCH_525_360K(1),
        INCH_525_1200K(2),
        INCH_35_720K(3),
        INCH_35_1440K(4),
        INCH_35_2880K(5);

        private final int code;

        Floppy(int code) {
            this.code = code;
        }
    }

    /** A kind of boot device as CMOS bytes 38h and 3Dh code it. */
    public enum Boot {
        FLOPPY(1),
        DISK(2),
        CDROM(3),
        NETWORK(4);

        private final int code;

        Boot(int code) {
            this.code = code;
        }
    }

    /**
     * A hard disk's geometry.
     *
     * @param cylinders 1 to 65535
     * @param heads 1 to 255
     * @param sectors sectors of a track, 1 to 255
     * @param translation how the BIOS makes its own geometry of it: 0 not at all, 1 LBA, 2 large, 3
     *     revised
     */
    public record Disk(int cylinders, int heads, int sectors, int translation) {}

    public CmosSettings {
        floppies = List.copyOf(floppies);
        disks = List.copyOf(disks);
        bootOrder = List.copyOf(bootOrder);
        Objects.checkIndex(floppies.size(), 3);
        Objects.checkIndex(disks.size(), 3);
        Objects.checkIndex(bootOrder.size(), 4);
    }

    /** Stores the settings and the checksum over bytes 10h to 2Dh. */
    public void store(Mc146818 rtc) {
        storeMemory(rtc);
        Floppy a = floppies.size() > 0 ? floppies.get(0) : Floppy.NONE;
        Floppy b = floppies.size() > 1 ? floppies.get(1) : Floppy.NONE;
        rtc.setRam(0x10, a.code << 4 | b.code);
        int drives = (a != Floppy.NONE ? 1 : 0) + (b != Floppy.NONE ? 1 : 0);
        // Bit 0 floppies present, 1 coprocessor, 2 mouse, 6 and 7 the number of floppies less one.
        rtc.setRam(0x14, 0x02 | (mouse ? 0x04 : 0) | (drives > 0 ? 0x01 | drives - 1 << 6 : 0));
        storeDisks(rtc);
        rtc.setRam(0x2D, !bootOrder.isEmpty() && bootOrder.getFirst() == Boot.FLOPPY ? 0x20 : 0);
        rtc.setRam(0x3D, boot(1) << 4 | boot(0));
        // Bit 0 lets a floppy without the boot signature 55AAh be booted.
        rtc.setRam(0x38, boot(2) << 4 | 1);
        rtc.setRam(0x0F, 0);
        int sum = 0;
        for (int at = 0x10; at <= 0x2D; at++) {
            sum += rtc.ram(at);
        }
        rtc.setRam(0x2E, sum >>> 8 & 0xFF);
        rtc.setRam(0x2F, sum & 0xFF);
    }

    private int boot(int place) {
        return place < bootOrder.size() ? bootOrder.get(place).code : 0;
    }

    private void storeMemory(Mc146818 rtc) {
        store16(rtc, 0x15, Math.min(below4g / KIB, 640));
        long extended = Math.clamp((below4g - MIB) / KIB, 0, 0xFFFF);
        store16(rtc, 0x17, extended);
        store16(rtc, 0x30, extended);
        store16(rtc, 0x34, Math.clamp((below4g - 16 * MIB) / (64 * KIB), 0, 0xFFFF));
        long above = above4g / (64 * KIB);
        store16(rtc, 0x5B, above & 0xFFFF);
        rtc.setRam(0x5D, (int) (above >>> 16) & 0xFF);
    }

    private void storeDisks(Mc146818 rtc) {
        int types = 0;
        int translations = 0;
        for (int i = 0; i < disks.size(); i++) {
            Disk disk = disks.get(i);
            types |= i == 0 ? 0xF0 : 0x0F;
            translations |= disk.translation() << 2 * i;
            rtc.setRam(0x19 + i, 47);
            int at = 0x1B + 9 * i;
            store16(rtc, at, disk.cylinders());
            rtc.setRam(at + 2, disk.heads());
            store16(rtc, at + 3, 0xFFFF);
            rtc.setRam(at + 5, 0xC0 | (disk.heads() > 8 ? 0x08 : 0));
            store16(rtc, at + 6, disk.cylinders());
            rtc.setRam(at + 8, disk.sectors());
        }
        rtc.setRam(0x12, types);
        rtc.setRam(0x39, translations);
    }

    private static void store16(Mc146818 rtc, int at, long value) {
        rtc.setRam(at, (int) value & 0xFF);
        rtc.setRam(at + 1, (int) (value >>> 8) & 0xFF);
    }
}
