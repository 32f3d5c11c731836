package org.vitrine.core.cpu.exec;

import static org.vitrine.core.cpu.state.Registers.EAX;
import static org.vitrine.core.cpu.state.Registers.EBX;
import static org.vitrine.core.cpu.state.Registers.ECX;
import static org.vitrine.core.cpu.state.Registers.EDX;

import java.util.List;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.model.Feature;
import org.vitrine.core.cpu.state.Registers;

/** CPUID (Intel SDM volume 2): what the model is. */
final class Identification {

    private Identification() {}

    /** What CLFLUSH flushes, in EBX: 64 bytes, counted by eights. */
    private static final int CACHE_LINE = 8 << 8;

    private static final int EXTENDED = 0x8000_0000;

    private static final int APIC_FEATURE = 1 << 9;
    private static final long APIC_ENABLED = 1 << 11;

    /**
     * Executes it.
     *
     * @param apicBase IA32_APIC_BASE: an APIC that is switched off is none
     */
    static void execute(Registers r, CpuModel model, long apicBase) {
        int highest = model.caches().isEmpty() ? 1 : 2;
        int leaf = (int) r.gpr[EAX];
        boolean extended = model.has(Feature.NX) && (leaf == EXTENDED || leaf == EXTENDED + 1);
        boolean apic = (apicBase & APIC_ENABLED) != 0;
        int absent = apic ? 0 : APIC_FEATURE;
        // A leaf that isn't there answers as the highest.
        switch (extended || leaf == 0 || leaf == 1 ? leaf : highest) {
            case 0 -> set(r, highest, 0x756E_6547, 0x6C65_746E, 0x4965_6E69);
            case 1 -> {
                int lines = model.has(Feature.CLFSH) ? CACHE_LINE : 0;
                set(r, model.signature(), lines, 0, model.standardFeatures() & ~absent);
            }
            case EXTENDED -> set(r, EXTENDED + 1, 0, 0, 0);
            case EXTENDED + 1 -> set(r, 0, 0, 0, model.extendedFeatures());
            default -> {
                List<Integer> caches = model.caches();
                set(r, caches.get(0), caches.get(1), caches.get(2), caches.get(3));
            }
        }
    }

    private static void set(Registers r, int eax, int ebx, int ecx, int edx) {
        r.gpr[EAX] = eax & 0xFFFF_FFFFL;
        r.gpr[EBX] = ebx & 0xFFFF_FFFFL;
        r.gpr[ECX] = ecx & 0xFFFF_FFFFL;
        r.gpr[EDX] = edx & 0xFFFF_FFFFL;
    }
}
