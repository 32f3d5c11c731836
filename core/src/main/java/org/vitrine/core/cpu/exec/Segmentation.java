package org.vitrine.core.cpu.exec;

import org.vitrine.core.cpu.state.GuestFault;

/** Loads of segment registers. */
final class Segmentation {

    private Segmentation() {}

    /** Loads a segment register other than CS. */
    static void load(Execution x, int segment, int selector) {
        if (x.r.descriptorMode()) {
            throw protectedMode(x);
        }
        x.r.setRealSegment(segment, selector);
    }

    static GuestFault protectedMode(Execution x) {
        return x.unimplemented(0, "protected mode");
    }
}
