package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PciFunction;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.storage.AtaChannel;
import org.vitrine.core.device.storage.AtaDevice;
import org.vitrine.core.device.storage.AtaDisk;
import org.vitrine.core.device.storage.AtapiCdrom;
import org.vitrine.core.device.storage.BusMaster;
import org.vitrine.core.device.storage.Piix3Ide;
import org.vitrine.core.device.timer.CmosSettings;
import org.vitrine.core.memory.PhysicalMemory;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;

/** The IDE function, its two cables, and the disks and CD-ROM drives on them. */
final class IdeBays {

    /** A cable's ports and interrupt, which every PC has there. */
    private record Cable(int command, int control, int irq) {}

    private static final List<Cable> CABLES =
            List.of(new Cable(0x1F0, 0x3F6, 14), new Cable(0x170, 0x376, 15));

    /** The most cylinders that INT 13h can count, and so a disk has without translation. */
    private static final int CYLINDERS_OF_INT_13 = 1024;

    private static final int TRANSLATION_NONE = 0;
    private static final int TRANSLATION_LBA = 1;

    private final PciFunction function;
    private final List<CmosSettings.Disk> disks = new ArrayList<>();
    private final List<DriveIo> workers = new ArrayList<>();

    IdeBays(
            Drives drives,
            PhysicalMemory memory,
            PortSpace ports,
            IntFunction<InterruptLine> irq,
            Executor vcpu,
            DriveListener listener) {
        BusMaster busMaster = new BusMaster(memory);
        List<AtaChannel> channels = new ArrayList<>();
        for (int i = 0; i < CABLES.size(); i++) {
            Cable cable = CABLES.get(i);
            DriveIo io = DriveIo.threaded("ide" + i, vcpu, listener);
            workers.add(io);
            channels.add(
                    new AtaChannel(
                            "ide" + i,
                            cable.command(),
                            cable.control(),
                            device(drives, 2 * i, io, listener),
                            device(drives, 2 * i + 1, io, listener),
                            irq.apply(cable.irq()),
                            busMaster.engine(i)));
        }
        function = new Piix3Ide(ports, busMaster, channels.get(0), channels.get(1));
    }

    private AtaDevice device(Drives drives, int place, DriveIo io, DriveListener listener) {
        Drive drive = drives.ide().get(place);
        if (drive == null) {
            return null;
        }
        String serial = String.format("VT%05d", place + 1);
        if (drive.kind() != Drive.Kind.HARD_DISK) {
            return new AtapiCdrom(drive, io, listener, serial);
        }
        AtaDisk disk = new AtaDisk(drive, io, serial);
        if (place < 2) {
            disks.add(
                    new CmosSettings.Disk(
                            disk.physicalCylinders(),
                            AtaDisk.HEADS,
                            AtaDisk.SECTORS_PER_TRACK,
                            disk.physicalCylinders() > CYLINDERS_OF_INT_13
                                    ? TRANSLATION_LBA
                                    : TRANSLATION_NONE));
        }
        return disk;
    }

    /** Does again what the machine was stopped for. */
    void retryIo() {
        workers.forEach(DriveIo::retry);
    }

    PciFunction function() {
        return function;
    }

    /** The first cable's disks, as the clock's RAM tells the firmware of them. */
    List<CmosSettings.Disk> disks() {
        return disks;
    }
}
