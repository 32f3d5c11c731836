package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.ECX;
import static org.vitrine.core.cpu.state.Registers.EDX;

import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Registers;

/** RDMSR and WRMSR, and the registers that there are (Intel SDM volume 4, tables 2-2 and 2-64). */
final class ModelSpecificRegisters {

    private ModelSpecificRegisters() {}

    private static final int TIME_STAMP = 0x10;
    private static final int PLATFORM = 0x17;
    private static final int APIC_BASE = 0x1B;
    private static final int POWER_ON = 0x2A;
    private static final int MICROCODE = 0x8B;
    private static final int SYSENTER_CS = 0x174;
    private static final int SYSENTER_ESP = 0x175;
    private static final int SYSENTER_EIP = 0x176;
    private static final int EFER = 0xC000_0080;

    static void read(Execution x, Registers r) {
        SystemOperations.checkPrivileged(x);
        int number = (int) r.gpr[ECX];
        checkPresent(x, number);
        SystemOperations.setPair(
                r,
                switch (number) {
                    case TIME_STAMP -> SystemOperations.timeStamp(x);
                    // The platform has no number, nothing was strapped at power-on, and no
                    // microcode was loaded.
                    case PLATFORM, POWER_ON, MICROCODE -> 0;
                    case APIC_BASE -> x.interrupts.apicBase();
                    case SYSENTER_CS -> r.sysenterCs & 0xFFFF_FFFFL;
                    case SYSENTER_ESP -> r.sysenterEsp & 0xFFFF_FFFFL;
                    case SYSENTER_EIP -> r.sysenterEip & 0xFFFF_FFFFL;
                    case EFER -> r.efer;
                    default -> throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                });
    }

    static void write(Execution x, Registers r) {
        SystemOperations.checkPrivileged(x);
        int number = (int) r.gpr[ECX];
        checkPresent(x, number);
        long value = r.gpr[EDX] << 32 | r.gpr[EAX];
        switch (number) {
            case TIME_STAMP -> x.timeStampOffset = value - x.clock.nanos();
            case POWER_ON, MICROCODE -> {
                // Writable, and read as before.
            }
            case APIC_BASE -> {
                if (!x.interrupts.setApicBase(value)) {
                    throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                }
            }
            case SYSENTER_CS -> r.sysenterCs = (int) value;
            case SYSENTER_ESP -> r.sysenterEsp = (int) value;
            case SYSENTER_EIP -> r.sysenterEip = (int) value;
            case EFER -> {
                if ((value & ~Registers.EFER_NXE) != 0) {
                    throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
                }
                r.efer = (int) value;
                x.translationsChanged();
            }
            default -> throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }

    private static void checkPresent(Execution x, int number) {
        Feature needed =
                switch (number) {
                    case SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP -> Feature.SEP;
                    case EFER -> Feature.NX;
                    case APIC_BASE -> Feature.APIC;
                    default -> Feature.MSR;
                };
        if (!x.model.has(needed)) {
            throw x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
    }
}
