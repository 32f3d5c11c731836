package org.vitrine.core.cpu.model;

import static org.vitrine.core.cpu.model.Feature.*;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which processor it is: what CPUID tells, which instructions are none, and which bits of control
 * registers are reserved all follow from this.
 */
public final class CpuModel {

    private static final Set<Feature> FEATURES_486 = EnumSet.of(FPU, VME);
    private static final Set<Feature> FEATURES_PENTIUM =
            with(FEATURES_486, DE, PSE, TSC, MSR, MCE, CX8, MMX);
    // No Pentium III has NX, but no processor of its kind has pages that can't be executed.
    private static final Set<Feature> FEATURES_PENTIUM_3 =
            with(
                    FEATURES_PENTIUM,
                    PAE,
                    APIC,
                    SEP,
                    MTRR,
                    PGE,
                    MCA,
                    CMOV,
                    PAT,
                    PSE36,
                    FXSR,
                    SSE,
                    NX,
                    NOPL,
                    PMC);
    private static final Set<Feature> FEATURES_MAX = with(FEATURES_PENTIUM_3, CLFSH, SSE2);

    /** A late 486DX4, with CPUID. */
    public static final CpuModel I486 =
            new CpuModel("486", "Intel 486DX4 with CPUID", 0x480, FEATURES_486, List.of());

    /** A Pentium with MMX. */
    public static final CpuModel PENTIUM =
            new CpuModel(
                    "pentium", "Intel Pentium with MMX (P55C)", 0x543, FEATURES_PENTIUM, List.of());

    /** What a machine has when nothing else is asked for. */
    public static final CpuModel PENTIUM_3 =
            new CpuModel(
                    "pentium3",
                    "Intel Pentium III (Coppermine), with NX",
                    0x68A,
                    FEATURES_PENTIUM_3,
                    // 16 KiB of code, 16 KiB of data, 256 KiB of both.
                    List.of(0x0302_0101, 0, 0, 0x0C04_0882));

    /** Everything that there is, with the signature of a Pentium M, the last without 64 bits. */
    public static final CpuModel MAX =
            new CpuModel(
                    "max",
                    "everything that works",
                    0x6D8,
                    FEATURES_MAX,
                    // 32 KiB of code, 32 KiB of data, 2 MiB of both; lines of 64 bytes.
                    List.of(0x02B3_B001, 0xF0, 0, 0x2C04_307D));

    /** Every model, from the oldest. */
    public static final List<CpuModel> ALL = List.of(I486, PENTIUM, PENTIUM_3, MAX);

    private final String name;
    private final String description;
    private final int signature;
    private final Set<Feature> features;
    private final List<Integer> caches;

    private CpuModel(
            String name,
            String description,
            int signature,
            Set<Feature> features,
            List<Integer> caches) {
        this.name = name;
        this.description = description;
        this.signature = signature;
        this.features = Collections.unmodifiableSet(EnumSet.copyOf(features));
        this.caches = caches;
    }

    private static Set<Feature> with(Collection<Feature> some, Feature... more) {
        EnumSet<Feature> features = EnumSet.copyOf(some);
        Collections.addAll(features, more);
        return features;
    }

    /** The model of this name, or null. */
    public static CpuModel named(String name) {
        for (CpuModel model : ALL) {
            if (model.name.equals(name)) {
                return model;
            }
        }
        return null;
    }

    /** As {@code -cpu} takes it. */
    public String name() {
        return name;
    }

    /** One line for people. */
    public String description() {
        return description;
    }

    /** Type, family, model and stepping, as EDX after reset has them. */
    public int signature() {
        return signature;
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** All features, in the order of their bits. */
    public Set<Feature> features() {
        return features;
    }

    /** EDX of CPUID's leaf 1. */
    public int standardFeatures() {
        return bits(Feature.Leaf.STANDARD);
    }

    /** EDX of CPUID's leaf 8000_0001; 0 for models without that leaf. */
    public int extendedFeatures() {
        return bits(Feature.Leaf.EXTENDED);
    }

    private int bits(Feature.Leaf leaf) {
        int bits = 0;
        for (Feature feature : features) {
            bits |= feature.bit(leaf);
        }
        return bits;
    }

    /** EAX, EBX, ECX and EDX of CPUID's leaf 2; empty for models without that leaf. */
    public List<Integer> caches() {
        return caches;
    }

    @Override
    public String toString() {
        return name;
    }
}
