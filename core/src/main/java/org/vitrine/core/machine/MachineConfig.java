package org.vitrine.core.machine;

import java.io.OutputStream;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.memory.MemorySource;
import org.vitrine.firmware.FirmwareImages;

/**
 * What a machine is made of.
 *
 * @param name for titles and {@code query-name}; may be null
 * @param memorySize bytes of guest RAM, a multiple of 1 MiB
 * @param bios the system BIOS, a multiple of 64 KiB, at most 256 KiB
 * @param vgaBios the VGA BIOS, at most 64 KiB
 * @param debugConsole takes what the guest writes to port 0xE9; written on the vCPU thread
 * @param stayAfterShutdown whether the machine stays, stopped, when the guest switches it off
 * @param shutdownOnReset whether a reset by the guest ends the machine
 * @param memory where the blocks of memory come from, for one machine alone
 * @param refresh how often the screen is published
 * @param cpu which processor it has
 */
public record MachineConfig(
        String name,
        long memorySize,
        byte[] bios,
        byte[] vgaBios,
        OutputStream debugConsole,
        boolean stayAfterShutdown,
        boolean shutdownOnReset,
        MemorySource memory,
        RefreshRate refresh,
        CpuModel cpu) {

    public static final long MIB = 1L << 20;
    public static final long DEFAULT_MEMORY = 128 * MIB;

    /** The least RAM that the firmware works with. */
    public static final long MINIMUM_MEMORY = MIB;

    /** The most RAM that 36-bit addresses leave room for below and above the hole at 4 GiB. */
    public static final long MAXIMUM_MEMORY = 60L << 30;

    public MachineConfig {
        if (memorySize < MINIMUM_MEMORY || memorySize > MAXIMUM_MEMORY || memorySize % MIB != 0) {
            throw new IllegalArgumentException(
                    "guest RAM is whole mebibytes from "
                            + MINIMUM_MEMORY / MIB
                            + " to "
                            + MAXIMUM_MEMORY / MIB
                            + ", not "
                            + memorySize
                            + " bytes");
        }
        if (bios.length == 0 || bios.length % 0x10000 != 0 || bios.length > 0x40000) {
            throw new IllegalArgumentException(
                    "a system BIOS has 64, 128, 192 or 256 KiB, not " + bios.length + " bytes");
        }
        if (vgaBios.length > 0x10000) {
            throw new IllegalArgumentException(
                    "a VGA BIOS has at most 64 KiB, not " + vgaBios.length + " bytes");
        }
    }

    /** A machine whose memory has no files the default processor and the default refresh rate. */
    public MachineConfig(
            String name,
            long memorySize,
            byte[] bios,
            byte[] vgaBios,
            OutputStream debugConsole,
            boolean stayAfterShutdown,
            boolean shutdownOnReset) {
        this(
                name,
                memorySize,
                bios,
                vgaBios,
                debugConsole,
                stayAfterShutdown,
                shutdownOnReset,
                MemorySource.anonymous(),
                RefreshRate.DEFAULT,
                CpuModel.PENTIUM_3);
    }

    /** The same machine with its memory from elsewhere. */
    public MachineConfig withMemory(MemorySource source) {
        return new MachineConfig(
                name,
                memorySize,
                bios,
                vgaBios,
                debugConsole,
                stayAfterShutdown,
                shutdownOnReset,
                source,
                refresh,
                cpu);
    }

    /** The same machine with another refresh rate. */
    public MachineConfig withRefresh(RefreshRate rate) {
        return new MachineConfig(
                name,
                memorySize,
                bios,
                vgaBios,
                debugConsole,
                stayAfterShutdown,
                shutdownOnReset,
                memory,
                rate,
                cpu);
    }

    /** The same machine with another processor. */
    public MachineConfig withCpu(CpuModel model) {
        return new MachineConfig(
                name,
                memorySize,
                bios,
                vgaBios,
                debugConsole,
                stayAfterShutdown,
                shutdownOnReset,
                memory,
                refresh,
                model);
    }

    /**
     * A machine with the project's own firmware, 128 MiB of RAM, and nobody at the debug console.
     */
    public static MachineConfig standard() {
        return new MachineConfig(
                null,
                DEFAULT_MEMORY,
                FirmwareImages.systemBios(),
                FirmwareImages.vgaBios(),
                OutputStream.nullOutputStream(),
                false,
                false);
    }
}
