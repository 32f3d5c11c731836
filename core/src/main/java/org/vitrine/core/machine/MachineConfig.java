package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.memory.MemorySource;

/**
 * What a machine is made of. Each part is a record of its own with a default, so that {@link
 * #standard} with a few changes describes any machine.
 *
 * @param name for titles and {@code query-name}; may be null
 * @param cpu which processor it has
 * @param memorySize bytes of guest RAM, a multiple of 1 MiB
 * @param memory where the blocks of memory come from, for one machine alone
 * @param refresh how often the screen is published
 */
public record MachineConfig(
        String name,
        CpuModel cpu,
        long memorySize,
        Firmware firmware,
        Boot boot,
        Peripherals peripherals,
        Drives drives,
        Actions actions,
        MemorySource memory,
        RefreshRate refresh) {

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
    }

    /** A machine with the project's own firmware, 128 MiB of RAM, and nothing at its connectors. */
    public static MachineConfig standard() {
        return new MachineConfig(
                null,
                CpuModel.PENTIUM_3,
                DEFAULT_MEMORY,
                Firmware.standard(),
                Boot.STANDARD,
                Peripherals.NONE,
                Drives.NONE,
                Actions.STANDARD,
                MemorySource.anonymous(),
                RefreshRate.DEFAULT);
    }

    /** The option ROMs that are there, that which starts a kernel included. */
    List<Firmware.OptionRom> optionRoms() {
        List<Firmware.OptionRom> roms = new ArrayList<>(firmware.optionRoms());
        if (boot.kernel() != null) {
            roms.add(boot.kernel().rom());
        }
        return roms;
    }

    public MachineConfig withName(String name) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withCpu(CpuModel cpu) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withMemorySize(long memorySize) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withFirmware(Firmware firmware) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withBoot(Boot boot) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withPeripherals(Peripherals peripherals) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withDrives(Drives drives) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withActions(Actions actions) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withMemory(MemorySource memory) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }

    public MachineConfig withRefresh(RefreshRate refresh) {
        return new MachineConfig(
                name,
                cpu,
                memorySize,
                firmware,
                boot,
                peripherals,
                drives,
                actions,
                memory,
                refresh);
    }
}
