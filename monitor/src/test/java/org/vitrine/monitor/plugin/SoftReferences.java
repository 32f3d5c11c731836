package org.vitrine.monitor.plugin;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.SoftReference;

/**
 * Takes away what only soft references hold. The JDK keeps such a reference to a record class from
 * the first time that two of its records are compared (java.lang.runtime.ObjectMethods).
 */
final class SoftReferences {

    private SoftReferences() {}

    /** Lets the collector clear them all, as it must before it says that memory is out. */
    static void clear() {
        assumeTrue(
                Runtime.getRuntime().maxMemory() < 8L * Integer.MAX_VALUE,
                "the heap is so large that running out of it takes long");
        SoftReference<Object> canary = new SoftReference<>(new Object());
        try {
            long[] tooLarge = new long[Integer.MAX_VALUE - 8];
            throw new AssertionError("there was room for " + tooLarge.length);
        } catch (OutOfMemoryError expected) {
            System.gc();
        }
        assertTrue(canary.refersTo(null), "soft references were not cleared");
    }
}
