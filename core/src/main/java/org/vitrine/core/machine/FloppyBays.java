package org.vitrine.core.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.InterruptLine;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.device.storage.I82077;
import org.vitrine.core.device.timer.CmosSettings;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveIo;
import org.vitrine.core.storage.DriveListener;
import org.vitrine.core.time.Scheduler;

/** The floppy disk controller and the drives on its cable. */
final class FloppyBays {

    /** The interrupt that every PC has for it. */
    static final int IRQ = 6;

    /** The DMA channel that every PC has for it. */
    static final int DMA_CHANNEL = 2;

    private final DriveIo worker;
    private final I82077 controller;
    private final List<CmosSettings.Floppy> types = new ArrayList<>();

    FloppyBays(
            Drives drives,
            Scheduler scheduler,
            PortSpace ports,
            DmaChannel dma,
            InterruptLine irq,
            Executor vcpu,
            DriveListener listener) {
        worker = DriveIo.threaded("floppy", vcpu, listener);
        controller = new I82077(scheduler, drives.floppies(), dma, irq, worker);
        controller.claimPorts(ports);
        for (int place = 0; place < Drives.FLOPPY_PLACES; place++) {
            types.add(type(drives.floppies().get(place)));
        }
    }

    /** A drive is of the kind that takes the diskette that is in it at first. */
    private static CmosSettings.Floppy type(Drive drive) {
        if (drive == null) {
            return CmosSettings.Floppy.NONE;
        }
        return switch ((int) (drive.size() / 1024)) {
            case 160, 180, 320, 360, 1200 -> CmosSettings.Floppy.INCH_525_1200K;
            case 2880 -> CmosSettings.Floppy.INCH_35_2880K;
            default -> CmosSettings.Floppy.INCH_35_1440K;
        };
    }

    /** What the clock's RAM tells the firmware of drives A and B. */
    List<CmosSettings.Floppy> types() {
        return types;
    }

    /** Does again what the machine was stopped for. */
    void retryIo() {
        worker.retry();
    }

    void reset() {
        controller.reset();
    }
}
