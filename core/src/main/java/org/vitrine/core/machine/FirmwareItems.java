package org.vitrine.core.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.device.firmware.AcpiTables;
import org.vitrine.core.device.firmware.FwCfg;
import org.vitrine.core.device.pci.Piix4Pm;

/** What a machine's firmware is told about it. */
final class FirmwareItems {

    /** Where SeaBIOS puts the ACPI registers. */
    private static final int PM_BASE = 0x600;

    private static final int E820_ENTRY = 20;
    private static final int E820_RAM = 1;

    private FirmwareItems() {}

    /** Puts all items and files into the device. */
    static void store(MachineConfig config, MemoryPlan plan, FwCfg fwCfg) {
        fwCfg.put(FwCfg.UUID, new byte[16]);
        fwCfg.put64(FwCfg.RAM_SIZE, plan.lowEnd());
        fwCfg.put16(FwCfg.NB_CPUS, 1);
        fwCfg.put16(FwCfg.MAX_CPUS, 1);
        fwCfg.put16(FwCfg.BOOT_MENU, config.boot().menu() ? 1 : 0);
        fwCfg.put32(FwCfg.IRQ0_OVERRIDE, 1);
        fwCfg.putFile("etc/e820", e820(plan));
        for (Firmware.OptionRom rom : config.optionRoms()) {
            fwCfg.putFile("genroms/" + rom.name(), rom.image());
        }
        if (config.boot().kernel() != null) {
            config.boot().kernel().store(plan.lowEnd(), fwCfg);
        }
        AcpiTables.store(
                new AcpiTables.Board(
                        plan.lowEnd(),
                        MemoryPlan.PCI_END,
                        PM_BASE,
                        Piix4Pm.SMI_COMMAND,
                        Piix4Pm.ACPI_ENABLE,
                        Piix4Pm.ACPI_DISABLE,
                        config.peripherals().serial().keySet(),
                        config.cpu().has(Feature.APIC),
                        config.peripherals().hpet()),
                fwCfg);
    }

    private static byte[] e820(MemoryPlan plan) {
        boolean high = plan.highSize() > 0;
        ByteBuffer map =
                ByteBuffer.allocate(E820_ENTRY * (high ? 2 : 1)).order(ByteOrder.LITTLE_ENDIAN);
        map.putLong(0).putLong(plan.lowEnd()).putInt(E820_RAM);
        if (high) {
            map.putLong(MemoryPlan.FOUR_GIB).putLong(plan.highSize()).putInt(E820_RAM);
        }
        return map.array();
    }
}
