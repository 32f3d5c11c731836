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

    private static final int MACHINE_CHECK_ADDRESS = 0;
    private static final int MACHINE_CHECK_TYPE = 1;
    private static final int TIME_STAMP = 0x10;
    private static final int PLATFORM = 0x17;
    private static final int APIC_BASE = 0x1B;
    private static final int POWER_ON = 0x2A;
    private static final int MICROCODE = 0x8B;
    private static final int COUNTER_0 = 0xC1;
    private static final int COUNTER_1 = 0xC2;
    private static final int SYSENTER_CS = 0x174;
    private static final int SYSENTER_ESP = 0x175;
    private static final int SYSENTER_EIP = 0x176;
    private static final int MACHINE_CHECK_CAPABILITIES = 0x179;
    private static final int MACHINE_CHECK_STATUS = 0x17A;
    private static final int SELECT_0 = 0x186;
    private static final int SELECT_1 = 0x187;
    private static final int EFER = 0xC000_0080;

    static void read(Execution x, Registers r) {
        SystemOperations.checkPrivileged(x);
        int number = (int) r.gpr[ECX];
        if (!x.model.has(needed(number))) {
            throw refused(x);
        }
        SystemOperations.setPair(
                r,
                switch (number) {
                    case TIME_STAMP -> SystemOperations.timeStamp(x);
                    // The platform has no number, nothing was strapped at power-on, and no
                    // microcode was loaded.
                    case PLATFORM, POWER_ON, MICROCODE -> 0;
                    // No machine check has happened, and there are no banks to tell of one.
                    case MACHINE_CHECK_ADDRESS, MACHINE_CHECK_TYPE -> 0;
                    case MACHINE_CHECK_CAPABILITIES, MACHINE_CHECK_STATUS -> 0;
                    case COUNTER_0, COUNTER_1 -> count(x, r, number - COUNTER_0);
                    case SELECT_0, SELECT_1 -> x.counters.selected(number - SELECT_0);
                    case APIC_BASE -> x.interrupts.apicBase();
                    case SYSENTER_CS -> r.sysenterCs & 0xFFFF_FFFFL;
                    case SYSENTER_ESP -> r.sysenterEsp & 0xFFFF_FFFFL;
                    case SYSENTER_EIP -> r.sysenterEip & 0xFFFF_FFFFL;
                    case EFER -> r.efer;
                    default -> {
                        if (MemoryTypes.isRange(number) || MemoryTypes.isPageAttributes(number)) {
                            yield x.memoryTypes.read(number);
                        }
                        throw refused(x);
                    }
                });
    }

    static void write(Execution x, Registers r) {
        SystemOperations.checkPrivileged(x);
        int number = (int) r.gpr[ECX];
        if (!x.model.has(needed(number))) {
            throw refused(x);
        }
        long value = r.gpr[EDX] << 32 | r.gpr[EAX];
        switch (number) {
            case TIME_STAMP -> x.timeStampOffset = value - x.clock.nanos();
            case POWER_ON, MICROCODE -> {
                // Writable, and read as before.
            }
            case MACHINE_CHECK_ADDRESS, MACHINE_CHECK_TYPE, MACHINE_CHECK_STATUS -> {
                // Clearing what is clear.
            }
            case COUNTER_0, COUNTER_1 ->
                    x.counters.write(number - COUNTER_0, value, r.cpl, x.clock.nanos());
            case SELECT_0, SELECT_1 -> {
                x.counters.select(number - SELECT_0, value, r.cpl, x.clock.nanos());
                x.countersChanged();
            }
            case APIC_BASE -> {
                if (!x.interrupts.setApicBase(value)) {
                    throw refused(x);
                }
            }
            case SYSENTER_CS -> r.sysenterCs = (int) value;
            case SYSENTER_ESP -> r.sysenterEsp = (int) value;
            case SYSENTER_EIP -> r.sysenterEip = (int) value;
            case EFER -> {
                if ((value & ~Registers.EFER_NXE) != 0) {
                    throw refused(x);
                }
                r.efer = (int) value;
                x.translationsChanged();
            }
            default -> {
                boolean known = MemoryTypes.isRange(number) || MemoryTypes.isPageAttributes(number);
                if (!known || !x.memoryTypes.write(number, value)) {
                    throw refused(x);
                }
            }
        }
    }

    /** RDPMC: a counter by its number in ECX. */
    static void readCounter(Execution x, Registers r) {
        if ((r.cr4 & Registers.CR4_PCE) == 0) {
            SystemOperations.checkPrivileged(x);
        }
        long counter = r.gpr[ECX];
        if (counter >= PerformanceCounters.COUNT) {
            throw refused(x);
        }
        SystemOperations.setPair(r, count(x, r, (int) counter));
    }

    private static long count(Execution x, Registers r, int counter) {
        return x.counters.read(counter, r.cpl, x.clock.nanos());
    }

    private static GuestFault refused(Execution x) {
        return x.fault.of(GuestFault.GENERAL_PROTECTION, 0);
    }

    /** What a processor needs to have a register, if there is such a register at all. */
    private static Feature needed(int number) {
        return switch (number) {
            case MACHINE_CHECK_ADDRESS, MACHINE_CHECK_TYPE -> Feature.MCE;
            case MACHINE_CHECK_CAPABILITIES, MACHINE_CHECK_STATUS -> Feature.MCA;
            // Those of the Pentium are others.
            case PLATFORM, POWER_ON, MICROCODE -> Feature.NOPL;
            case APIC_BASE -> Feature.APIC;
            case COUNTER_0, COUNTER_1, SELECT_0, SELECT_1 -> Feature.PMC;
            case SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP -> Feature.SEP;
            case EFER -> Feature.NX;
            default ->
                    MemoryTypes.isRange(number)
                            ? Feature.MTRR
                            : MemoryTypes.isPageAttributes(number) ? Feature.PAT : Feature.MSR;
        };
    }
}
